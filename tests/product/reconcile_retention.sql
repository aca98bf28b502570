-- Returns of every cohort, counted from the events behind the first action of each user. A cell is shown when its day
-- has ended; the last day of product_daily is that of as_of, and of what ends on it the earlier is shown first.
with cohorts as (
    select distinct cells.cohort_date
    from {{ tested_rows(ref('int_product__retention_cell')) }} as cells
    union
    select firsts.cohort_date
    from {{ tested_rows(ref('int_product__first_actions'), 'cohort', 'cohort_date') }} as firsts
),

members as (
    select
        definitions.retention_id,
        definitions.clock,
        definitions.return_event,
        firsts.actor,
        firsts.cohort_date,
        firsts.first_at,
        firsts.first_event_id
    from {{ ref('int_product__first_actions') }} as firsts
    inner join cohorts on firsts.cohort_date = cohorts.cohort_date
    inner join {{ ref('product_retention') }} as definitions
        on firsts.action_name = coalesce(definitions.first_event, '')
),

returns as (
    select
        members.retention_id,
        members.cohort_date,
        members.actor,
        case
            when members.clock = '24h'
                then {{ integer_quotient(
                    microseconds_of('events.timestamp') ~ ' - ' ~ microseconds_of('members.first_at'), 24 * 3600 * 1000000
                ) }}
            else events.event_date - members.cohort_date
        end as day_number
    from members
    inner join {{ ref('int_product__events') }} as events
        on
            members.actor = events.actor
            and (members.return_event is null or members.return_event = events.event_name)
            and members.first_at <= events.timestamp
    where
        events.is_counted
        and (
            events.timestamp > members.first_at
            or {{ binary_order('events.event_id') }} > {{ binary_order('members.first_event_id') }}
        )
),

sizes as (
    select
        retention_id,
        clock,
        cohort_date,
        count(*) as users,
        max(first_at) as last_first_at
    from members
    group by retention_id, clock, cohort_date
),

counted as (
    select
        sizes.retention_id,
        sizes.cohort_date,
        numbers.day_number,
        sizes.clock,
        sizes.users,
        case
            when sizes.clock = '24h' then sizes.last_first_at
            else cast(sizes.cohort_date as timestamp)
        end + (numbers.day_number + 1) * interval '1 day' as ends_at,
        count(distinct case when returns.day_number = numbers.day_number then returns.actor end) as returned_users,
        count(distinct returns.actor) as returned_users_from_day
    from sizes
    cross join generate_series(0, {{ retention_days() }}) as numbers (day_number)
    left join returns
        on
            sizes.retention_id = returns.retention_id
            and sizes.cohort_date = returns.cohort_date
            and numbers.day_number <= returns.day_number
            and returns.day_number <= {{ retention_days() }}
    group by
        sizes.retention_id, sizes.cohort_date, numbers.day_number, sizes.clock, sizes.users, sizes.last_first_at
),

shown as (
    select retention.*
    from {{ ref('retention') }} as retention
    inner join cohorts on retention.cohort_date = cohorts.cohort_date
),

last_day as (
    select max(days.date) as date from {{ ref('product_daily') }} as days
),

last_shown as (
    select max(counted.ends_at) as ends_at
    from counted
    inner join shown
        on
            counted.retention_id = shown.retention_id
            and counted.cohort_date = shown.cohort_date
            and counted.day_number = shown.day_number
    where shown.returned_users is not null
),

judged as (
    select
        counted.*,
        counted.ends_at <= cast(last_day.date as timestamp)
        or (
            counted.ends_at <= cast(last_day.date as timestamp) + interval '1 day'
            and counted.ends_at <= last_shown.ends_at
        ) as has_ended
    from counted
    cross join last_day
    cross join last_shown
),

expected as (
    select
        retention_id,
        cohort_date,
        day_number,
        clock,
        users,
        case when has_ended then returned_users end as returned_users,
        case when has_ended then returned_users_from_day end as returned_users_from_day,
        case when has_ended then returned_users / cast(users as float8) end as retention_rate,
        case when has_ended then returned_users_from_day / cast(users as float8) end as unbounded_rate
    from judged
)

{{ reconciled(
    'retention', 'expected', 'shown', ['retention_id', 'cohort_date', 'day_number'],
    ['clock', 'users', 'returned_users', 'returned_users_from_day'],
    {'retention_rate': '1e-9', 'unbounded_rate': '1e-9'}
) }}
