-- One row per UTC day on which sessions began, of the last activity_days days to as_of. A session that goes on after
-- as_of is not shown yet.
with sessions as (
    select * from {{ ref('session_metrics') }}
    where
        {{ is_recent('partition_date', 'activity_days') }}
        and cast(session_end as date) <= {{ as_of_date() }}
),

days as (
    select
        partition_date,
        cast(sum(total_events) as bigint) as total_events,
        cast(sum(duration_seconds) as numeric(18, 2)) as duration_seconds,
        cast(sum(avg_assessment_score) as numeric(18, 2)) as assessment_score_sum,
        count(*) as sessions,
        count(distinct learner_id) as learners,
        count(case when total_events = 1 then 1 end) as single_event_sessions,
        count(completion_rate) as sessions_with_content,
        count(case when completion_rate = 1 then 1 end) as completed_sessions,
        count(avg_assessment_score) as sessions_with_score
    from sessions
    group by partition_date
)

select
    partition_date as session_date,
    sessions,
    learners,
    {{ safe_ratio('single_event_sessions', 'sessions') }} as bounce_rate,
    {{ safe_ratio('total_events', 'sessions') }} as avg_events,
    {{ safe_ratio('duration_seconds', 'sessions') }} as avg_duration_seconds,
    sessions_with_content,
    {{ safe_ratio('completed_sessions', 'sessions_with_content') }} as completed_session_rate,
    {{ safe_ratio('assessment_score_sum', 'sessions_with_score') }} as avg_assessment_score
from days
