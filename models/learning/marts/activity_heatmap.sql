-- One row per weekday and hour (UTC) with an event or with time spent in it in the last activity_days days to as_of.
with hours as (
    select
        cast(extract(isodow from partition_date) as bigint) as weekday_number,
        hour,
        partition_date,
        learners,
        total_events,
        errors,
        time_spent_seconds
    from {{ ref('int_learning__hour_activity') }}
    where {{ is_recent('partition_date', 'activity_days') }}
),

cells as (
    select
        weekday_number,
        hour,
        cast(sum(learners) as bigint) as learner_hours,
        cast(sum(total_events) as bigint) as total_events,
        cast(sum(errors) as bigint) as errors,
        cast(sum(time_spent_seconds) as numeric(18, 2)) as time_spent_seconds,
        count(distinct case when total_events > 0 then partition_date end) as days
    from hours
    group by weekday_number, hour
)

select
    weekday_number,
    hour,
    days,
    learner_hours,
    total_events,
    errors,
    time_spent_seconds,
    {{ safe_ratio('learner_hours', 'days') }} as avg_learners,
    {{ safe_ratio('errors', 'total_events') }} as error_rate
from cells
