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
    staged.table_name,
    staged.record_id,
    staged.batch_id
from staged
left join {{ ref('int_product__staging_rejections') }} as rejections
    on staged.table_name = rejections.table_name and staged.record_id = rejections.record_id
where rejections.record_id is null
