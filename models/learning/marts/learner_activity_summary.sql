-- One row per learner and UTC day with an event or with time spent in it, of the last activity_days days to as_of.
with learner_days as (
    select * from {{ ref('int_learning__learner_day') }}
)

select
    learner_id,
    partition_date as activity_date,
    total_events as daily_events,
    {{ safe_ratio('active_microseconds', '3600000000') }} as hours_spent,
    sessions,
    lessons_completed,
    assessments_completed
from learner_days
where {{ is_recent('partition_date', 'activity_days') }}
