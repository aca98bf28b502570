-- One row per UTC day and hour with an event or with time spent in it.
with minutes as (
    select * from {{ ref('minute_metrics') }} as minutes
    where {{ is_touched('activity_date', 'minutes', 'partition_date') }}
)

select  -- noqa: ST06
    partition_date,
    cast(extract(hour from minute_timestamp) as bigint) as hour,
    count(distinct case when total_events > 0 then learner_id end) as learners,
    cast(sum(total_events) as bigint) as total_events,
    cast(sum(errors) as bigint) as errors,
    cast(sum(time_spent_seconds) as numeric(18, 2)) as time_spent_seconds
from minutes
group by partition_date, cast(extract(hour from minute_timestamp) as bigint)
