-- What became of each content, counted from the events that speak of it and from the deltas of mastery. The days are
-- those that the views show; of the trends, those between their own first and last that today's as_of shows, too.
with shown as (
    select distinct activity_date as shown_date from {{ ref('learner_activity_summary') }}
),

events as (
    select
        events.*,
        kinds.content_type,
        case kinds.content_type when 'lesson' then events.lesson_id else events.assessment_id end as content_id
    from {{ ref('stg_learning__events') }} as events
    inner join shown on events.partition_date = shown.shown_date
    inner join (values ('lesson'), ('assessment')) as kinds (content_type)
        on events.counts_as in (kinds.content_type || '_started', kinds.content_type || '_completed')
),

activity as (
    select
        content_type,
        content_id,
        count(distinct learner_id) as learners,
        count(case when counts_as like '%started' then 1 end) as starts,
        count(case when counts_as like '%completed' then 1 end) as completions,
        count(case when counts_as like '%completed' then score_millionths end) as scores,
        avg(case when counts_as like '%completed' then score_millionths / cast(10000 as float8) end) as avg_score
    from events
    where content_id is not null
    group by content_type, content_id
),

mastery as (
    select
        deltas.content_type,
        deltas.content_id,
        count(*) as evidence,
        avg(deltas.mastery_delta) as avg_mastery_change
    from {{ ref('mastery_deltas') }} as deltas
    inner join shown on deltas.partition_date = shown.shown_date
    group by deltas.content_type, deltas.content_id
),

contents as (
    select
        content_type,
        content_id
    from activity
    union
    select
        content_type,
        content_id
    from mastery
),

expected_performance as (
    select
        contents.content_type,
        contents.content_id,
        activity.avg_score,
        mastery.avg_mastery_change,
        coalesce(activity.learners, 0) as learners,
        coalesce(activity.starts, 0) as starts,
        coalesce(activity.completions, 0) as completions,
        coalesce(activity.scores, 0) as scores,
        coalesce(mastery.evidence, 0) as evidence,
        activity.completions / cast(nullif(activity.starts, 0) as float8) as completions_per_start
    from contents
    left join activity
        on contents.content_type = activity.content_type and contents.content_id = activity.content_id
    left join mastery
        on contents.content_type = mastery.content_type and contents.content_id = mastery.content_id
),

actual_trends as (
    select trends.* from {{ ref('content_mastery_trends') }} as trends
    where {{ is_recent('trends.mastery_date', 'mastery_trend_days') }}
),

expected_trends as (
    select
        deltas.content_type,
        deltas.content_id,
        deltas.partition_date as mastery_date,
        count(distinct deltas.learner_id) as learners_affected,
        avg(deltas.mastery_delta) as avg_mastery_change,
        avg(deltas.current_mastery) as avg_current_mastery,
        avg(deltas.confidence_score) as avg_confidence
    from {{ ref('mastery_deltas') }} as deltas
    where
        {{ is_recent('deltas.partition_date', 'mastery_trend_days') }}
        and deltas.partition_date between (select min(actual_trends.mastery_date) from actual_trends)
        and (select max(actual_trends.mastery_date) from actual_trends)
    group by deltas.content_type, deltas.content_id, deltas.partition_date
)

select
    relation,
    content_type,
    content_id,
    finding
from (
    {{ reconciled(
        'content_performance', 'expected_performance', ref('content_performance'), ['content_type', 'content_id'],
        ['learners', 'starts', 'completions', 'scores', 'evidence'],
        {'completions_per_start': '1e-9', 'avg_score': '1e-6', 'avg_mastery_change': '1e-9'}
    ) }}
) as found
union all
select
    relation,
    content_type,
    content_id,
    finding
from (
    {{ reconciled(
        'content_mastery_trends', 'expected_trends', 'actual_trends', ['content_type', 'content_id', 'mastery_date'],
        ['learners_affected'],
        {'avg_mastery_change': '1e-9', 'avg_current_mastery': '1e-9', 'avg_confidence': '1e-9'}
    ) }}
) as found
