-- One row per session. It stands on the day of its first event, and moves when an earlier one comes late.
-- depends_on: {{ ref('int_learning__touched_sessions') }}
{%- set content = [
    'session_start', 'session_end', 'duration_seconds', 'total_events', 'unique_pages', 'total_interactions',
    'lessons_attempted', 'lessons_completed', 'assessments_attempted', 'assessments_completed',
    'avg_assessment_score', 'completion_rate', 'is_active'
] %}
with events as (
    select * from {{ ref('stg_learning__events') }} as events
    where {{ is_touched('active_session', 'events') }}
),

sessions as (
    {{ session_metrics_of('events') }}
),

computed as (
    select
        sessions.*,
        {{ is_active_at('sessions.session_end', as_of_instant()) }} as is_active
    from sessions
),

with_created_and_updated_at as (
    {{ with_created_and_updated_at('computed', ['session_id', 'learner_id'], content) }}
)

select
    session_id,
    learner_id,
    session_start,
    session_end,
    duration_seconds,
    total_events,
    unique_pages,
    total_interactions,
    lessons_attempted,
    lessons_completed,
    assessments_attempted,
    assessments_completed,
    avg_assessment_score,
    completion_rate,
    is_active,
    session_end as last_activity,
    created_at,
    updated_at,
    partition_date
from with_created_and_updated_at
order by partition_date, learner_id
