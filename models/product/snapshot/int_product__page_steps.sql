-- One row per session, UTC day and change of page: how often the session went from the one page to the other.
-- depends_on: {{ ref('int_product__touched_sessions') }}
with days as (
    select
        events.event_id,
        events.timestamp,
        events.event_date,
        events.actor,
        coalesce(events.session_id, '') as session_id,
        nullif(split_part(split_part(events.page_url, '?', 1), '#', 1), '') as page
    from {{ ref('int_product__events') }} as events
    where
        events.is_counted
        and events.actor is not null
),

events as (
    select * from days as events
    where {{ is_touched('session_day', 'events', 'event_date') }}
),

numbered as (
    {{ with_session_number('events') }}
),

with_beginning as (
    select
        *,
        min(timestamp) over (partition by actor, session_id, session_number) as session_started_at
    from numbered
),

followed as (
    select
        *,
        lag(page) over (
            partition by actor, session_id, session_number
            order by timestamp, {{ binary_order('event_id') }}
        ) as from_page
    from with_beginning
    where page is not null
)

select
    actor,
    session_id,
    session_started_at,
    event_date,
    from_page,
    page as to_page,
    count(*) as transitions
from followed
where from_page <> page
group by actor, session_id, session_started_at, event_date, from_page, page
