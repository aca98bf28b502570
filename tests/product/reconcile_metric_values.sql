-- Each id of a metric value stands once in what people read, as its earliest record says; of several at that instant
-- the one with the smallest digest. Tags are written anew, and minus zero is zero.
with touched as (
    select records.id
    from {{ tested_rows(source('product', 'metrics')) }} as records
    group by records.id
),

records as (
    select
        records.id,
        records.name,
        records.metric_type,
        records.value + 0 as value,
        records.timestamp,
        records.unit,
        records.tags,
        {{ record_digest('metrics', 'records') }} as digest
    from {{ source('product', 'metrics') }} as records
    inner join touched on records.id = touched.id
),

canonical_tags as (
    {{ canonical_flat_json('records', 'tags') }}
),

expected as (
    select distinct
        records.id,
        records.name,
        records.metric_type,
        records.value,
        records.timestamp,
        records.unit,
        coalesce(canonical_tags.canonical, '{}') as tags
    from records
    left join canonical_tags on cast(records.tags as text) = canonical_tags.sent
    where not exists (
        select 1
        from records as copies
        where
            copies.id = records.id
            and (copies.timestamp, copies.digest, copies.value) < (records.timestamp, records.digest, records.value)
    )
),

actual as (
    select metric_values.*
    from {{ ref('metrics') }} as metric_values
    inner join touched on metric_values.id = touched.id
),

expected_values as (
    select
        *,
        cast(timestamp as date) as metric_date,
        cast(timestamp as date) + extract(hour from timestamp) * interval '1 hour' as hour_start,
        md5(tags) as tags_key
    from expected
),

actual_values as (
    select metric_values.*
    from {{ ref('int_product__metric_values') }} as metric_values
    inner join touched on metric_values.id = touched.id
)

{%- set columns = ['name', 'metric_type', 'value', 'timestamp', 'unit', 'tags'] %}

{{ reconciled('metrics', 'expected', 'actual', ['id'], columns) }}
union all
{{ reconciled(
    'int_product__metric_values', 'expected_values', 'actual_values', ['id'],
    columns + ['metric_date', 'hour_start', 'tags_key']
) }}
