-- One row per batch and hour of a series (metric and tags) that the batch can change.
with arrivals as (
    select * from {{ source('product', 'metrics') }} as arrivals
    where {{ is_touched('batch', 'arrivals', '_batch_id') }}
),

-- An arriving copy changes its own hour, and the hours of the copies before it, of which one counted.
copies as (
    select
        arrivals._batch_id as batch_id,
        copies.name,
        copies.timestamp,
        copies._event_date,
        copies.tags
    from arrivals
    inner join {{ source('product', 'metrics') }} as copies
        on arrivals.id = copies.id and arrivals._batch_id >= copies._batch_id
),

canonical_tags as (
    {{ canonical_flat_json('copies', 'tags') }}
)

select  -- noqa: ST06
    copies.batch_id,
    copies.name,
    md5(coalesce(canonical_tags.canonical, '{}')) as tags_key,
    date_trunc('hour', copies.timestamp) as hour_start,
    copies._event_date as metric_date,
    min(copies.timestamp) as first_at,
    max(copies.timestamp) as last_at
from copies
left join canonical_tags on cast(copies.tags as text) = canonical_tags.sent
group by
    copies.batch_id,
    copies.name,
    md5(coalesce(canonical_tags.canonical, '{}')),
    date_trunc('hour', copies.timestamp),
    copies._event_date
