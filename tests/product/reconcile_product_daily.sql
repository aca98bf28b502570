-- Days from the first event to the last that is shown: users counted anew for each day from all days of its windows,
-- sessions by the day of their start, events by their own.
with shown as (
    select daily.* from {{ ref('product_daily') }} as daily
),

first_day as (
    select min(events.event_date) as date from {{ ref('int_product__events') }} as events
    where events.is_counted
),

tested as (
    select users.date from {{ tested_rows(ref('int_product__active_users')) }} as users
    union
    select days.date from {{ tested_rows(ref('int_product__day')) }} as days
    union
    select events.event_date as date
    from {{ tested_rows(ref('int_product__events'), 'product_date', 'event_date') }} as events
    where events.is_counted
),

days as (
    select tested.date
    from tested
    inner join first_day on tested.date >= first_day.date
    where tested.date <= (select max(shown.date) from shown)
),

user_days as (
    select distinct
        events.actor,
        events.event_date as date
    from {{ ref('int_product__events') }} as events
    where
        events.is_counted
        and events.user_id is not null
        and events.event_date > {{ add_days('(select min(days.date) from days)', -30) }}
),

users as (
    select
        days.date,
        count(distinct case when user_days.date = days.date then user_days.actor end) as dau,
        count(distinct case when user_days.date > {{ add_days('days.date', -7) }} then user_days.actor end) as wau,
        count(distinct user_days.actor) as mau
    from days
    left join user_days
        on days.date >= user_days.date and {{ add_days('days.date', -30) }} < user_days.date
    group by days.date
),

starts as (
    select
        days.date,
        sessions.event_count,
        sessions.duration_ms,
        row_number() over (partition by days.date order by sessions.duration_ms) as place,
        count(*) over (partition by days.date) as sessions
    from days
    inner join {{ ref('int_product__sessions') }} as sessions on days.date = cast(sessions.started_at as date)
),

sessions as (
    select
        date,
        max(sessions) as sessions,
        sum(case when event_count = 1 then 1 else 0 end) as bounced_sessions,
        avg(case when 2 * place between sessions and sessions + 2 then cast(duration_ms as float8) end)
            as median_session_ms
    from starts
    group by date
),

event_counts as (
    select
        events.event_date as date,
        count(*) as events
    from {{ ref('int_product__events') }} as events
    inner join days on events.event_date = days.date
    where events.is_counted
    group by events.event_date
),

expected as (
    select
        users.date,
        users.dau,
        users.wau,
        users.mau,
        sessions.median_session_ms,
        coalesce(sessions.sessions, 0) as sessions,
        coalesce(sessions.bounced_sessions, 0) as bounced_sessions,
        coalesce(event_counts.events, 0) as events,
        case when users.mau > 0 then users.dau / cast(users.mau as float8) end as stickiness,
        sessions.bounced_sessions / cast(sessions.sessions as float8) as bounce_rate
    from users
    left join sessions on users.date = sessions.date
    left join event_counts on users.date = event_counts.date
),

actual as (
    select shown.*
    from shown
    inner join days on shown.date = days.date
)

{{ reconciled(
    'product_daily', 'expected', 'actual', ['date'],
    ['dau', 'wau', 'mau', 'sessions', 'bounced_sessions', 'events'],
    {'stickiness': '1e-9', 'bounce_rate': '1e-9', 'median_session_ms': '1e-6'}
) }}
union all
select
    'product_daily' as relation,
    shown.date,
    'the day before is missing' as finding
from shown
cross join first_day
where
    shown.date > first_day.date
    and not exists (
        select 1 from shown as days_before
        where days_before.date = {{ add_days('shown.date', -1) }}
    )
