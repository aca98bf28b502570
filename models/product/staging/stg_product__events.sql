-- One row per event id: the winner of its copies, that with the earliest instant, then the smallest digest.
with records as (
    select
        records.*,
        {{ record_digest('analytics_events', 'records') }} as digest
    from {{ source('product', 'analytics_events') }} as records
    where {{ is_touched('event_copy', 'records') }}
),

ranked as (
    select
        *,
        row_number() over (partition by id order by timestamp, digest, _batch_id, _line_number) as preference
    from records
)

select
    id,
    event_type,
    event_name,
    timestamp,
    _event_date as event_date,
    session_id,
    user_id,
    properties,
    context,
    page_url,
    referrer,
    _batch_id,
    _line_number
from ranked
where preference = 1
