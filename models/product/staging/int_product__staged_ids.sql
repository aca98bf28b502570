-- One row per id that staging has taken in, with the batch that brought the record that counts.
with staged as (
    {%- for table in ['analytics_events', 'metrics', 'funnels'] %}
    select
        '{{ table }}' as table_name,
        id as record_id,
        _batch_id as batch_id
    from {{ ref('stg_product__' ~ table.removeprefix('analytics_')) }}
    {{ 'union all' if not loop.last }}
    {%- endfor %}
)

select
    table_name,
    record_id,
    batch_id
from staged
