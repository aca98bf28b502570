-- One row per learner, session and minute with an event or with time spent in it.
-- depends_on: {{ ref('int_learning__touched_sessions') }}
with events as (
    select * from {{ ref('stg_learning__events') }} as events
    where {{ is_touched('session', 'events') }}
),

timed_events as (
    {{ timed_events('events') }}
),

minutes as (
    {{ minute_metrics_of('timed_events') }}
)

select
    minutes.learner_id,
    minutes.minute_timestamp,
    minutes.session_id,
    minutes.total_events,
    minutes.page_views,
    minutes.interactions,
    minutes.assessments_started,
    minutes.assessments_completed,
    minutes.lessons_started,
    minutes.lessons_completed,
    minutes.errors,
    minutes.time_spent_seconds,
    {{ run_instant() }} as created_at,
    minutes.partition_date
from minutes
where {{ is_touched('session_day', 'minutes', 'partition_date') }}
order by minutes.partition_date, minutes.learner_id
