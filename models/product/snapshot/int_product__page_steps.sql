-- One row per session, UTC day and change of page: how often the session went from the one page to the other.
-- depends_on: {{ ref('int_product__touched_sessions') }}
with days as (
    select
        events.event_id,
        events.timestamp,
        events.event_date,
        events.actor,
        coalesce(events.session_id, '') as session_id,
        {{ page_of('events.page_url') }} as page
    from {{ ref('int_product__events') }} as events
    where
        events.is_counted
        and events.actor is not null
),

events as (
    select * from days as events
    where {{ is_touched('session_day', 'events', 'event_date') }}
),

placed as (
    {{ with_session_start('events') }}
),

followed as (
    select
        *,
        lag(page) over (partition by actor, session_id, session_started_at order by place) as from_page
    from placed
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
