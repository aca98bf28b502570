-- One row per session, content and UTC day on which the session started, completed or was assessed in it.
-- depends_on: {{ ref('int_learning__touched_sessions') }}
with events as (
    select * from {{ ref('stg_learning__events') }} as events
    where {{ is_touched('session', 'events') }}
),

of_content as (
    select
        events.*,
        'lesson' as content_type,
        events.lesson_id as content_id
    from events
    where events.counts_as in ('lesson_started', 'lesson_completed') and events.lesson_id is not null
    union all
    select
        events.*,
        'assessment' as content_type,
        events.assessment_id as content_id
    from events
    where events.counts_as in ('assessment_started', 'assessment_completed') and events.assessment_id is not null
),

contents as (
    select
        learner_id,
        session_id,
        partition_date,
        content_type,
        content_id,
        cast(
            coalesce(sum(case when counts_as like '%_completed' then score_millionths end), 0) as bigint
        ) as score_millionths_sum,
        count(case when counts_as like '%_started' then 1 end) as starts,
        count(case when counts_as like '%_completed' then 1 end) as completions,
        count(case when counts_as like '%_completed' then score_millionths end) as scores
    from of_content
    group by learner_id, session_id, partition_date, content_type, content_id
)

select
    contents.learner_id,
    contents.session_id,
    contents.partition_date,
    contents.content_type,
    contents.content_id,
    contents.starts,
    contents.completions,
    contents.scores,
    contents.score_millionths_sum
from contents
where {{ is_touched('session_day', 'contents', 'partition_date') }}
