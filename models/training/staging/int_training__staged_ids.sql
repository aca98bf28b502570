-- One row per id that staging has taken in, with the batch that brought the record that counts.
with staged as (
    {%- for table, id, event_time in training_logs() %}
    select
        '{{ table }}' as table_name,
        cast({{ id }} as text) as record_id,
        _batch_id as batch_id
    from {{ ref('stg_training__' ~ table) }}
    {{ 'union all' if not loop.last }}
    {%- endfor %}
)

select
    table_name,
    record_id,
    batch_id
from staged
