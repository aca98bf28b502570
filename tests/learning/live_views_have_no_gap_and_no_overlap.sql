-- Every event that was loaded counts once in the live minutes and once in the live sessions, built or not.
with loaded as (
    select count(distinct event_id) as events
    from {{ source('learning', 'raw_events') }}
),

minutes as (
    select coalesce(sum(total_events), 0) as events
    from {{ ref('minute_metrics_live') }}
),

sessions as (
    select coalesce(sum(total_events), 0) as events
    from {{ ref('session_metrics_live') }}
)

select
    loaded.events as loaded_events,
    minutes.events as events_in_minutes,
    sessions.events as events_in_sessions
from loaded
cross join minutes
cross join sessions
where
    loaded.events is distinct from minutes.events
    or loaded.events is distinct from sessions.events
