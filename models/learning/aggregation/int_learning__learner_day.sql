-- One row per learner and UTC day with an event or with time spent in it. Where sessions overlap, the time counts once.
with minutes as (
    select * from {{ ref('minute_metrics') }} as minutes
    where {{ is_touched('learner_day', 'minutes', 'partition_date') }}
),

spans as (
    select
        spans.*,
        max(spans.end_microseconds) over (
            partition by spans.learner_id, spans.partition_date
            order by spans.start_microseconds, spans.end_microseconds, {{ binary_order('spans.session_id') }}
            rows between unbounded preceding and 1 preceding
        ) as counted_to_microseconds
    from {{ ref('int_learning__active_spans') }} as spans
    where {{ is_touched('learner_day', 'spans', 'partition_date') }}
),

time_of_days as (
    select
        learner_id,
        partition_date,
        sum(
            greatest(end_microseconds - greatest(start_microseconds, coalesce(counted_to_microseconds, 0)), 0)
        ) as active_microseconds
    from spans
    group by learner_id, partition_date
),

counts_of_days as (
    select
        learner_id,
        partition_date,
        sum(total_events) as total_events,
        sum(lessons_completed) as lessons_completed,
        sum(assessments_completed) as assessments_completed,
        sum(errors) as errors,
        count(distinct case when total_events > 0 then session_id end) as sessions
    from minutes
    group by learner_id, partition_date
)

select
    counts.learner_id,
    counts.partition_date,
    cast(counts.total_events as bigint) as total_events,
    cast(coalesce(time_of_days.active_microseconds, 0) as bigint) as active_microseconds,
    counts.sessions,
    cast(counts.lessons_completed as bigint) as lessons_completed,
    cast(counts.assessments_completed as bigint) as assessments_completed,
    cast(counts.errors as bigint) as errors
from counts_of_days as counts
left join time_of_days
    on counts.learner_id = time_of_days.learner_id and counts.partition_date = time_of_days.partition_date
order by counts.partition_date, counts.learner_id
