-- One row per learner, session and minute of the last activity_days days, as of now. Rows come from the
-- table; those of a session with events that are loaded and not yet built are computed with these.
{%- set today = 'cast(' ~ reading_time() ~ ' as date)' %}
with waiting as (
    {{ waiting_sessions('minute_metrics') }}
),

events as (
    select events.*
    from {{ ref('int_learning__live_events') }} as events
    inner join waiting on events.learner_id = waiting.learner_id and events.session_id = waiting.session_id
),

timed_events as (
    {{ timed_events('events') }}
),

minutes as (
    {{ minute_metrics_of('timed_events') }}
)

select
    kept.learner_id,
    kept.minute_timestamp,
    kept.session_id,
    kept.total_events,
    kept.page_views,
    kept.interactions,
    kept.assessments_started,
    kept.assessments_completed,
    kept.lessons_started,
    kept.lessons_completed,
    kept.errors,
    kept.time_spent_seconds,
    kept.created_at,
    kept.partition_date
from {{ ref('minute_metrics') }} as kept
left join waiting on kept.learner_id = waiting.learner_id and kept.session_id = waiting.session_id
where
    waiting.session_id is null
    and {{ is_recent('kept.partition_date', 'activity_days', today) }}
union all
select
    learner_id,
    minute_timestamp,
    session_id,
    total_events,
    page_views,
    interactions,
    assessments_started,
    assessments_completed,
    lessons_started,
    lessons_completed,
    errors,
    time_spent_seconds,
    {{ reading_time() }} as created_at,
    partition_date
from minutes
where {{ is_recent('partition_date', 'activity_days', today) }}
