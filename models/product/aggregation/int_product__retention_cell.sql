-- One row per definition of retention, cohort and day number, whether or not that day has ended: users and returns.
{%- set last_day = retention_days() %}
with members as (
    select
        definitions.retention_id,
        definitions.clock,
        firsts.actor,
        firsts.cohort_date,
        firsts.first_at,
        firsts.first_event_id,
        coalesce(definitions.return_event, '') as return_action
    from {{ ref('int_product__first_actions') }} as firsts
    inner join {{ ref('product_retention') }} as definitions
        on firsts.action_name = coalesce(definitions.first_event, '')
    where {{ is_touched('cohort', 'firsts', 'cohort_date') }}
),

cohorts as (
    select
        retention_id,
        cohort_date,
        count(*) as users,
        max(first_at) as last_first_at
    from members
    group by retention_id, cohort_date
),

days as (
    select
        members.*,
        days.first_at as day_first_at,
        days.last_at as day_last_at,
        days.date - members.cohort_date as days_later,
        members.first_at + (days.date - members.cohort_date) * interval '1 day' as same_time_at,
        days.last_at > members.first_at
        or (
            days.last_at = members.first_at
            and {{ binary_order('days.last_event_id') }} > {{ binary_order('members.first_event_id') }}
        ) as is_later
    from members
    inner join {{ ref('int_product__action_day') }} as days
        on
            members.return_action = days.action_name
            and members.actor = days.actor
            and members.cohort_date <= days.date
            and {{ add_days('members.cohort_date', last_day + 1) }} >= days.date
),

-- a date holds the end of one stretch of 24 hours and the beginning of the next one
returns as (
    select
        retention_id,
        cohort_date,
        actor,
        days_later as day_number
    from days
    where is_later and days_later <= {{ last_day }} and (clock = 'calendar' or day_last_at >= same_time_at)
    union
    select
        retention_id,
        cohort_date,
        actor,
        days_later - 1 as day_number
    from days
    where clock = '24h' and days_later > 0 and day_first_at < same_time_at
),

last_returns as (
    select
        retention_id,
        cohort_date,
        actor,
        max(day_number) as day_number
    from returns
    group by retention_id, cohort_date, actor
),

counts as (
    select
        retention_id,
        cohort_date,
        day_number,
        sum(is_return) as returned_users,
        sum(is_last_return) as last_returned_users
    from (
        select
            retention_id,
            cohort_date,
            day_number,
            1 as is_return,
            0 as is_last_return
        from returns
        union all
        select
            retention_id,
            cohort_date,
            day_number,
            0 as is_return,
            1 as is_last_return
        from last_returns
    ) as both_kinds
    group by retention_id, cohort_date, day_number
)

select
    cohorts.retention_id,
    cohorts.cohort_date,
    cast(numbers.day_number as bigint) as day_number,
    cohorts.last_first_at,
    cohorts.users,
    cast(coalesce(counts.returned_users, 0) as bigint) as returned_users,
    cast(
        sum(coalesce(counts.last_returned_users, 0)) over (
            partition by cohorts.retention_id, cohorts.cohort_date order by numbers.day_number desc
        ) as bigint
    ) as returned_users_from_day
from cohorts
cross join generate_series(0, {{ last_day }}) as numbers (day_number)
left join counts
    on
        cohorts.retention_id = counts.retention_id
        and cohorts.cohort_date = counts.cohort_date
        and numbers.day_number = counts.day_number
