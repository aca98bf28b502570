-- Learners of a day, of 7 and of 30 days, by the last day on which each had an event; sessions of a day from their own
-- rows. The days are those that the views show; learner_activity_summary says which.
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

-- a learner counts in every window that reaches back to the last day on which they were active
last_days as (
    select
        learner_days.*,
        lead(learner_days.partition_date) over (
            partition by learner_days.learner_id order by learner_days.partition_date
        ) as next_date
    from learner_days
),

counted as (
    select
        event_days.partition_date as activity_date,
        sum(case when last_days.partition_date = event_days.partition_date then 1 else 0 end) as daily_learners,
        sum(
            case when last_days.partition_date > {{ add_days('event_days.partition_date', -7) }} then 1 else 0 end
        ) as weekly_learners,
        sum(
            case when last_days.partition_date > {{ add_days('event_days.partition_date', -30) }} then 1 else 0 end
        ) as monthly_learners
    from event_days
    inner join last_days
        on
            event_days.partition_date >= last_days.partition_date
            and (last_days.next_date is null or event_days.partition_date < last_days.next_date)
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
