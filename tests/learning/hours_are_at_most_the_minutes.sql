-- Time that counts once is never more than time that counts in every session, and a day has 24 hours.
with days as (
    select * from {{ ref('int_learning__learner_day') }}
),

minutes as (
    select
        learner_id,
        partition_date,
        sum(time_spent_seconds) as time_spent_seconds,
        count(*) as minutes
    from {{ ref('minute_metrics') }}
    group by learner_id, partition_date
)

select
    coalesce(days.learner_id, minutes.learner_id) as learner_id,
    coalesce(days.partition_date, minutes.partition_date) as partition_date
from days
full outer join minutes
    on days.learner_id = minutes.learner_id and days.partition_date = minutes.partition_date
where
    days.learner_id is null
    or minutes.learner_id is null
    or days.active_microseconds > 86400000000
    -- every minute was rounded to a hundredth of a second
    or days.active_microseconds / cast(1000000 as float8) > minutes.time_spent_seconds + minutes.minutes * 0.005
