-- One row per UTC day with an event, of the last activity_days days to as_of.
with days as (
    select * from {{ ref('int_learning__engagement_day') }}
)

select
    partition_date as activity_date,
    daily_learners,
    weekly_learners,
    monthly_learners,
    {{ safe_ratio('daily_learners', 'monthly_learners') }} as stickiness
from days
where {{ is_recent('partition_date', 'activity_days') }}
