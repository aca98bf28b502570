-- Each event id stands once in what people read, with the content of one of its records: the earliest; of several at
-- that instant the one with the smallest digest.
with touched as (
    select records.id
    from {{ tested_rows(source('product', 'analytics_events')) }} as records
    group by records.id
),

earliest as (
    select
        records.id,
        min(records.timestamp) as happened_at
    from {{ source('product', 'analytics_events') }} as records
    inner join touched on records.id = touched.id
    group by records.id
),

expected as (
    select
        records.id,
        min({{ record_digest('analytics_events', 'records') }}) as digest
    from {{ source('product', 'analytics_events') }} as records
    inner join earliest on records.id = earliest.id and records.timestamp = earliest.happened_at
    group by records.id
),

actual as (
    select
        published.id,
        {{ record_digest('analytics_events', 'published') }} as digest
    from {{ ref('analytics_events') }} as published
    inner join touched on published.id = touched.id
)

{{ reconciled('analytics_events', 'expected', 'actual', ['id'], ['digest']) }}
