-- The views of activity, each counted from events, minutes and sessions. They show the same days: those that
-- learner_activity_summary shows, which is held to the days of today's as_of as far as it goes.
with shown as (
    select distinct activity_date as shown_date from {{ ref('learner_activity_summary') }}
),

days as (
    select distinct minutes.partition_date as shown_date
    from {{ ref('minute_metrics') }} as minutes
    where
        {{ is_recent('minutes.partition_date', 'activity_days') }}
        and minutes.partition_date between (select min(shown.shown_date) from shown)
        and (select max(shown.shown_date) from shown)
    union
    select shown.shown_date from shown
),

events as (
    select
        events.*,
        cast(extract(hour from events.timestamp) as bigint) as hour
    from {{ ref('stg_learning__events') }} as events
    inner join days on events.partition_date = days.shown_date
),

minutes as (
    select
        minutes.*,
        cast(extract(hour from minutes.minute_timestamp) as bigint) as hour
    from {{ ref('minute_metrics') }} as minutes
    inner join days on minutes.partition_date = days.shown_date
),

-- a stretch opens and closes; the time between two such moments counts while any stretch is open
moments as (
    select
        learner_id,
        partition_date,
        start_microseconds as at_microseconds,
        1 as opened
    from {{ ref('int_learning__active_spans') }}
    union all
    select
        learner_id,
        partition_date,
        end_microseconds as at_microseconds,
        -1 as opened
    from {{ ref('int_learning__active_spans') }}
),

followed as (
    select
        learner_id,
        partition_date,
        at_microseconds,
        sum(sum(opened)) over moments_so_far as open_stretches,
        lead(at_microseconds) over moments_so_far as next_microseconds
    from moments
    group by learner_id, partition_date, at_microseconds
    window moments_so_far as (partition by learner_id, partition_date order by at_microseconds)
),

times as (
    select
        learner_id,
        partition_date,
        sum(next_microseconds - at_microseconds) / 3600000000.0 as hours_spent
    from followed
    where open_stretches > 0
    group by learner_id, partition_date
),

expected_summary as (
    select
        minutes.learner_id,
        minutes.partition_date as activity_date,
        sum(minutes.total_events) as daily_events,
        max(coalesce(times.hours_spent, 0)) as hours_spent,
        count(distinct case when minutes.total_events > 0 then minutes.session_id end) as sessions,
        sum(minutes.lessons_completed) as lessons_completed,
        sum(minutes.assessments_completed) as assessments_completed
    from minutes
    left join times on minutes.learner_id = times.learner_id and minutes.partition_date = times.partition_date
    group by minutes.learner_id, minutes.partition_date
),

counted_hours as (
    select
        cast(extract(isodow from partition_date) as bigint) as weekday_number,
        hour,
        count(distinct partition_date) as days,
        count(distinct learner_id || chr(31) || cast(partition_date as text)) as learner_hours,
        count(case when counts_as = 'error' then 1 end) as errors,
        count(*) as total_events
    from events
    group by cast(extract(isodow from partition_date) as bigint), hour
),

hours_with_time as (
    select
        cast(extract(isodow from partition_date) as bigint) as weekday_number,
        hour,
        sum(time_spent_seconds) as time_spent_seconds
    from minutes
    group by cast(extract(isodow from partition_date) as bigint), hour
),

expected_heatmap as (
    select
        hours.weekday_number,
        hours.hour,
        hours.time_spent_seconds,
        coalesce(counted.days, 0) as days,
        coalesce(counted.learner_hours, 0) as learner_hours,
        coalesce(counted.total_events, 0) as total_events,
        coalesce(counted.errors, 0) as errors,
        counted.learner_hours / cast(counted.days as float8) as avg_learners,
        counted.errors / cast(counted.total_events as float8) as error_rate
    from hours_with_time as hours
    left join counted_hours as counted
        on hours.weekday_number = counted.weekday_number and hours.hour = counted.hour
)

select
    relation,
    cast(activity_date as text) as place,
    finding
from (
    {{ reconciled(
        'learner_activity_summary', 'expected_summary', ref('learner_activity_summary'), ['learner_id', 'activity_date'],
        ['daily_events', 'sessions', 'lessons_completed', 'assessments_completed'], {'hours_spent': '1e-9'}
    ) }}
) as found
union all
select
    relation,
    cast(weekday_number as text) || ' ' || cast(hour as text) as place,
    finding
from (
    {{ reconciled(
        'activity_heatmap', 'expected_heatmap', ref('activity_heatmap'), ['weekday_number', 'hour'],
        ['days', 'learner_hours', 'total_events', 'errors', 'time_spent_seconds'],
        {'avg_learners': '1e-9', 'error_rate': '1e-9'}
    ) }}
) as found
