-- Users of every period by the days on which they have events: before it, in the period before, in the period.
with tested_days as (
    select days.date from {{ tested_rows(ref('int_product__action_day')) }} as days
),

tested_periods as (
    select
        cells.period_type,
        cells.period_start
    from {{ tested_rows(ref('int_product__lifecycle_period')) }} as cells
    union
    select
        'daily' as period_type,
        tested_days.date as period_start
    from tested_days
    union
    select
        'weekly' as period_type,
        {{ add_days('tested_days.date', '(1 - cast(extract(isodow from tested_days.date) as bigint))') }}
            as period_start
    from tested_days
),

shown as (
    select lifecycle.* from {{ ref('lifecycle') }} as lifecycle
    inner join tested_periods
        on lifecycle.period_type = tested_periods.period_type and lifecycle.period_start = tested_periods.period_start
),

last_day as (
    select max(days.date) as date from {{ ref('product_daily') }} as days
),

periods as (
    select
        tested_periods.*,
        case when tested_periods.period_type = 'daily' then 1 else 7 end as days
    from tested_periods
    cross join last_day
    where tested_periods.period_start <= last_day.date
),

user_periods as (
    select
        periods.period_type,
        periods.period_start,
        periods.days,
        events.actor,
        min(events.event_date) as first_date,
        max(case when events.event_date >= periods.period_start then 1 else 0 end) as is_active,
        max(
            case
                when
                    events.event_date < periods.period_start
                    and {{ add_days('events.event_date', 'periods.days') }} >= periods.period_start
                    then 1
                else 0
            end
        ) as was_active
    from periods
    inner join {{ ref('int_product__events') }} as events
        on {{ add_days('periods.period_start', 'periods.days') }} > events.event_date
    where events.is_counted and events.user_id is not null
    group by periods.period_type, periods.period_start, periods.days, events.actor
),

counted as (
    select
        period_type,
        period_start,
        sum(is_active) as active_users,
        sum(case when is_active = 1 and first_date >= period_start then 1 else 0 end) as new_users,
        sum(is_active * was_active) as returning_users,
        sum(case when is_active = 1 and was_active = 0 and first_date < period_start then 1 else 0 end)
            as resurrected_users,
        sum((1 - is_active) * was_active) as dormant_users
    from user_periods
    group by period_type, period_start
),

expected as (
    select
        periods.period_type,
        periods.period_start,
        counted.active_users,
        counted.new_users,
        counted.returning_users,
        counted.resurrected_users,
        case
            when
                {{ add_days('periods.period_start', 'periods.days') }} <= last_day.date
                or (
                    {{ add_days('periods.period_start', 'periods.days') }} = {{ add_days('last_day.date', 1) }}
                    and exists (
                        select 1 from shown
                        where
                            shown.period_type = 'daily'
                            and shown.period_start = last_day.date
                            and shown.dormant_users is not null
                    )
                )
                then counted.dormant_users
        end as dormant_users
    from periods
    inner join counted on periods.period_type = counted.period_type and periods.period_start = counted.period_start
    cross join last_day
)

{{ reconciled(
    'lifecycle', 'expected', 'shown', ['period_type', 'period_start'],
    ['active_users', 'new_users', 'returning_users', 'resurrected_users', 'dormant_users']
) }}
