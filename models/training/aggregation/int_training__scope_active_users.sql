-- One row per date with any record anywhere, scope level and scope with a login in the 28 days up to that date.
-- Each login covers the days to the user's next one or the window's end: nobody counts twice, and the cost is one sort.
with dates as (
    select distinct scope_days.date
    from {{ ref('int_training__scope_day') }} as scope_days
    where {{ is_touched('window_date', 'scope_days', 'date') }}
),

login_days as (
    select user_days.*
    from {{ ref('int_training__user_day') }} as user_days
    where user_days.logins > 0
    {%- if is_incremental() %}
        and {{ date_is_one_of('user_days.business_date', touched_dates('window_date'), days_before=27, days_after=27) }}
    {%- endif %}
),

logins as (
    {% for level in scope_levels() %}
    select distinct
        business_date,
        user_id,
        '{{ level }}' as scope_level,
        {{ level }}_id as scope_id
    from login_days
    {{ 'union all' if not loop.last }}
    {% endfor %}
),

logins_with_next as (
    select
        scope_level,
        scope_id,
        business_date,
        lead(business_date) over (partition by scope_level, scope_id, user_id order by business_date) as next_date
    from logins
),

scopes as (
    select distinct
        scope_level,
        scope_id
    from logins
),

changes as (
    select
        scope_level,
        scope_id,
        business_date as date,
        1 as change_7d,
        1 as change_28d
    from logins_with_next
    union all
    select
        scope_level,
        scope_id,
        least(business_date + 7, coalesce(next_date, business_date + 7)) as date,
        -1 as change_7d,
        0 as change_28d
    from logins_with_next
    union all
    select
        scope_level,
        scope_id,
        least(business_date + 28, coalesce(next_date, business_date + 28)) as date,
        0 as change_7d,
        -1 as change_28d
    from logins_with_next
    union all
    select
        scopes.scope_level,
        scopes.scope_id,
        dates.date,
        0 as change_7d,
        0 as change_28d
    from scopes
    cross join dates
),

changes_of_day as (
    select
        scope_level,
        scope_id,
        date,
        sum(change_7d) as change_7d,
        sum(change_28d) as change_28d
    from changes
    group by scope_level, scope_id, date
),

active_users as (
    select
        date,
        scope_level,
        scope_id,
        sum(change_7d) over (partition by scope_level, scope_id order by date) as active_users_7d,
        sum(change_28d) over (partition by scope_level, scope_id order by date) as active_users_28d
    from changes_of_day
)

select
    active_users.date,
    active_users.scope_level,
    active_users.scope_id,
    cast(active_users.active_users_7d as bigint) as active_users_7d,
    cast(active_users.active_users_28d as bigint) as active_users_28d
from active_users
inner join dates
    on active_users.date = dates.date
where active_users.active_users_28d > 0
