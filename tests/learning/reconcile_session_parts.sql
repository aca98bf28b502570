-- What stands beside a session: its active stretches do not touch each other and last as long as its minutes, and its
-- contents count its events of them.
with events as (
    select events.* from {{ tested_rows(ref('stg_learning__events'), 'session', 'session_id') }} as events
),

spans as (
    select
        spans.*,
        lag(spans.end_microseconds) over (
            partition by spans.learner_id, spans.session_id, spans.partition_date
            order by spans.start_microseconds
        ) as previous_end
    from {{ tested_rows(ref('int_learning__active_spans'), 'session', 'session_id') }} as spans
),

spans_of_minutes as (
    select
        spans.learner_id,
        spans.session_id,
        spans.partition_date,
        sum(spans.end_microseconds - spans.start_microseconds) / cast(1000000 as float8) as seconds,
        count(*) as spans
    from spans
    group by spans.learner_id, spans.session_id, spans.partition_date
),

minutes as (
    select
        minutes.learner_id,
        minutes.session_id,
        minutes.partition_date,
        sum(minutes.time_spent_seconds) as seconds,
        count(*) as minutes
    from {{ tested_rows(ref('minute_metrics'), 'session', 'session_id') }} as minutes
    group by minutes.learner_id, minutes.session_id, minutes.partition_date
),

contents as (
    select
        events.learner_id,
        events.session_id,
        events.partition_date,
        events.score_millionths,
        kinds.content_type,
        case kinds.content_type when 'lesson' then events.lesson_id else events.assessment_id end as content_id,
        events.counts_as like '%started' as is_start
    from events
    inner join (values ('lesson'), ('assessment')) as kinds (content_type)
        on events.counts_as in (kinds.content_type || '_started', kinds.content_type || '_completed')
),

expected_contents as (
    select
        learner_id,
        session_id,
        partition_date,
        content_type,
        content_id,
        sum(case when is_start then 1 else 0 end) as starts,
        sum(case when is_start then 0 else 1 end) as completions,
        sum(case when is_start or score_millionths is null then 0 else 1 end) as scores,
        sum(case when is_start then 0 else coalesce(score_millionths, 0) end) as score_millionths_sum
    from contents
    where content_id is not null
    group by learner_id, session_id, partition_date, content_type, content_id
),

actual_contents as (
    select contents.* from {{ tested_rows(ref('int_learning__session_content'), 'session', 'session_id') }} as contents
)

select
    'int_learning__active_spans' as relation,
    coalesce(spans.learner_id, minutes.learner_id) as learner_id,
    coalesce(spans.session_id, minutes.session_id) as session_id,
    'the stretches of a day do not last as long as its minutes' as finding
from spans_of_minutes as spans
full outer join minutes
    on
        spans.learner_id = minutes.learner_id
        and spans.session_id = minutes.session_id
        and spans.partition_date = minutes.partition_date
where
    minutes.session_id is null
    or (spans.session_id is null and minutes.seconds > 0)
    or spans.seconds is null and minutes.seconds > 0
    -- each minute was rounded to a hundredth
    or abs(spans.seconds - minutes.seconds) > 0.005 * minutes.minutes + 0.000001
union all
select
    'int_learning__active_spans' as relation,
    learner_id,
    session_id,
    'a stretch that has no length, or that touches the one before it' as finding
from spans
where
    (end_microseconds > start_microseconds) is not true
    or start_microseconds <= previous_end
    or cast({{ instant_of('start_microseconds') }} as date) <> partition_date
union all
select
    relation,
    learner_id,
    session_id,
    finding
from (
    {{ reconciled(
        'int_learning__session_content', 'expected_contents', 'actual_contents',
        ['learner_id', 'session_id', 'partition_date', 'content_type', 'content_id'],
        ['starts', 'completions', 'scores', 'score_millionths_sum']
    ) }}
) as found
