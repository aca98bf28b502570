-- One row per batch and kind: how many of its records stand in raw and in staging.
with counts as (
    {%- for table in ['analytics_events', 'metrics', 'funnels'] %}
    {{ counted_by_batch('raw', source('product', table)) }}
    union all
    {{ counted_by_batch('staged', ref('stg_product__' ~ table.removeprefix('analytics_'))) }}
    union all
    {%- endfor %}
    select
        batch_id,
        'staged' as kind,
        -count(*) as records
    from {{ ref('int_product__staging_rejections') }}
    group by batch_id
)

select
    batch_id,
    kind,
    cast(sum(records) as bigint) as records
from counts
group by batch_id, kind
