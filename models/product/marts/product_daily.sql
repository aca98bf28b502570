-- One row per UTC day from the first event to as_of: active users, sessions and events.
with counts as (
    select * from {{ ref('int_product__day') }}
),

days as (
    select cast(days.day_at as date) as date
    from generate_series(
        (select cast(min(counts.date) as timestamp) from counts),
        cast({{ as_of_date() }} as timestamp),
        interval '1 day'
    ) as days (day_at)
)

select
    days.date,
    coalesce(users.daily_users, 0) as dau,
    coalesce(users.weekly_users, 0) as wau,
    coalesce(users.monthly_users, 0) as mau,
    {{ safe_ratio('users.daily_users', 'users.monthly_users') }} as stickiness,
    coalesce(counts.sessions, 0) as sessions,
    coalesce(counts.bounced_sessions, 0) as bounced_sessions,
    {{ safe_ratio('counts.bounced_sessions', 'counts.sessions') }} as bounce_rate,
    counts.median_session_ms,
    coalesce(counts.events, 0) as events
from days
left join counts on days.date = counts.date
left join {{ ref('int_product__active_users') }} as users on days.date = users.date
