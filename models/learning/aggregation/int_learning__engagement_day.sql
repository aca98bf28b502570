-- One row per UTC day with an event: the learners of the day, of the last 7 days and of the last 30. A learner is
-- active on days with an event of theirs; a session that only spans a day makes nobody active on it.
with learner_days as (
    select * from {{ ref('int_learning__learner_day') }}
    where total_events > 0
),

days as (
    select distinct days.partition_date
    from learner_days as days
    where {{ is_touched('activity_window', 'days', 'partition_date') }}
)

select
    days.partition_date,
    count(distinct case when learner_days.partition_date = days.partition_date then learner_days.learner_id end)
        as daily_learners,
    count(
        distinct case
            when learner_days.partition_date > {{ add_days('days.partition_date', -7) }} then learner_days.learner_id
        end
    ) as weekly_learners,
    count(distinct learner_days.learner_id) as monthly_learners
from days
inner join learner_days
    on
        days.partition_date >= learner_days.partition_date
        and {{ add_days('days.partition_date', -30) }} < learner_days.partition_date
group by days.partition_date
