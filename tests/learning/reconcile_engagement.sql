-- Learners of a day, of 7 and of 30 days, counted from the events themselves; sessions of a day from their own rows.
-- The days are those that the views show; learner_activity_summary says which.
with shown as (
    select distinct activity_date as shown_date from {{ ref('learner_activity_summary') }}
),

learner_days as (
    select distinct
        learner_id,
        partition_date
    from {{ ref('stg_learning__events') }}
),

event_days as (
    select distinct learner_days.partition_date
    from learner_days
    inner join shown on learner_days.partition_date = shown.shown_date
),

counted as (
    select
        event_days.partition_date as activity_date,
        count(distinct case when days.partition_date = event_days.partition_date then days.learner_id end)
            as daily_learners,
        count(
            distinct case
                when days.partition_date > {{ add_days('event_days.partition_date', -7) }} then days.learner_id
            end
        ) as weekly_learners,
        count(distinct days.learner_id) as monthly_learners
    from event_days
    inner join learner_days as days
        on
            event_days.partition_date >= days.partition_date
            and {{ add_days('event_days.partition_date', -30) }} < days.partition_date
    group by event_days.partition_date
),

expected_engagement as (
    select
        *,
        daily_learners / cast(monthly_learners as float8) as stickiness
    from counted
),

expected_quality as (
    select
        sessions.partition_date as session_date,
        count(*) as sessions,
        count(distinct sessions.learner_id) as learners,
        count(sessions.completion_rate) as sessions_with_content,
        avg(case when sessions.total_events = 1 then 1.0 else 0.0 end) as bounce_rate,
        avg(sessions.total_events) as avg_events,
        avg(sessions.duration_seconds) as avg_duration_seconds,
        avg(case when sessions.completion_rate = 1 then 1.0 when sessions.completion_rate < 1 then 0.0 end)
            as completed_session_rate,
        avg(sessions.avg_assessment_score) as avg_assessment_score
    from {{ ref('session_metrics') }} as sessions
    inner join shown on sessions.partition_date = shown.shown_date
    -- a session that goes on after as_of waits; the day of its last event is one that is shown, where it has come
    where cast(sessions.session_end as date) <= (select max(days.shown_date) from shown as days)
    group by sessions.partition_date
)

select
    relation,
    activity_date as shown_date,
    finding
from (
    {{ reconciled(
        'learner_engagement', 'expected_engagement', ref('learner_engagement'), ['activity_date'],
        ['daily_learners', 'weekly_learners', 'monthly_learners'], {'stickiness': '1e-9'}
    ) }}
) as found
union all
select
    relation,
    session_date as shown_date,
    finding
from (
    {{ reconciled(
        'session_quality', 'expected_quality', ref('session_quality'), ['session_date'],
        ['sessions', 'learners', 'sessions_with_content'],
        {
            'bounce_rate': '1e-9', 'avg_events': '1e-9', 'avg_duration_seconds': '1e-6',
            'completed_session_rate': '1e-9', 'avg_assessment_score': '1e-6'
        }
    ) }}
) as found
