-- Two ways to one number: what a session counts is what its minutes count. A session that is left out has minutes only.
with minutes as (
    select
        learner_id,
        session_id,
        sum(total_events) as total_events,
        sum(interactions) as interactions,
        sum(lessons_started) as lessons_started,
        sum(lessons_completed) as lessons_completed,
        sum(assessments_started) as assessments_started,
        sum(assessments_completed) as assessments_completed
    from {{ ref('minute_metrics') }}
    group by learner_id, session_id
),

sessions as (
    select * from {{ ref('session_metrics') }}
),

left_out as (
    select * from {{ ref('int_learning__unpublished') }}
    where table_name = 'session_metrics'
)

select
    coalesce(minutes.learner_id, sessions.learner_id) as learner_id,
    coalesce(minutes.session_id, sessions.session_id) as session_id
from minutes
full outer join sessions
    on minutes.learner_id = sessions.learner_id and minutes.session_id = sessions.session_id
left join left_out
    on minutes.learner_id = left_out.learner_id and minutes.session_id = left_out.session_id
where
    (sessions.session_id is null) is distinct from (left_out.session_id is not null)
    or (
        sessions.session_id is not null
        and (
            minutes.total_events is distinct from sessions.total_events
            or minutes.interactions is distinct from sessions.total_interactions
            or minutes.lessons_started is distinct from sessions.lessons_attempted
            or minutes.lessons_completed is distinct from sessions.lessons_completed
            or minutes.assessments_started is distinct from sessions.assessments_attempted
            or minutes.assessments_completed is distinct from sessions.assessments_completed
        )
    )
