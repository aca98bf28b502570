-- One row per UTC day with an event: events of the day, and the sessions that began on it.
-- depends_on: {{ ref('int_product__touched_sessions') }}
with events as (
    select
        events.event_date as date,
        count(*) as events
    from {{ ref('int_product__events') }} as events
    where events.is_counted and {{ is_touched('product_date', 'events', 'event_date') }}
    group by events.event_date
),

sessions as (
    select
        sessions.started_date as date,
        count(*) as sessions,
        count(case when sessions.event_count = 1 then 1 end) as bounced_sessions,
        percentile_cont(0.5) within group (order by cast(sessions.duration_ms as float8)) as median_session_ms
    from {{ ref('int_product__sessions') }} as sessions
    where {{ is_touched('product_date', 'sessions', 'started_date') }}
    group by sessions.started_date
)

select
    events.date,
    events.events,
    sessions.median_session_ms,
    coalesce(sessions.sessions, 0) as sessions,
    coalesce(sessions.bounced_sessions, 0) as bounced_sessions
from events
left join sessions on events.date = sessions.date
