-- Every event that was loaded counts once in the live minutes and once in the live sessions, built or not, as far as
-- the days reach that these show. A session that is too long for its table is in the minutes only.
{% set today = 'cast(' ~ reading_time() ~ ' as date)' -%}
with loaded as (
    select count(distinct event_id) as events
    from {{ source('learning', 'raw_events') }}
),

live_events as (
    select
        *,
        min(partition_date) over (partition by learner_id, session_id) as session_date,
        max(at_microseconds) over (partition by learner_id, session_id)
        - min(at_microseconds) over (partition by learner_id, session_id) as length_microseconds
    from {{ ref('int_learning__live_events') }}
),

expected as (
    select
        count(*) as events,
        count(case when {{ is_recent('partition_date', 'activity_days', today) }} then 1 end) as in_minutes,
        count(
            case
                when
                    {{ is_recent('session_date', 'activity_days', today) }}
                    and length_microseconds <= {{ longest_session_microseconds() }}
                    then 1
            end
        ) as in_sessions
    from live_events
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
    expected.events as live_events,
    minutes.events as events_in_minutes,
    sessions.events as events_in_sessions
from loaded
cross join expected
cross join minutes
cross join sessions
where
    loaded.events is distinct from expected.events
    or expected.in_minutes is distinct from minutes.events
    or expected.in_sessions is distinct from sessions.events
