-- Active users of 7 and of 28 days: the different people with a login in the scope on one of those days, counted anew
-- for every day.
with tested as (
    select kpis.* from {{ tested_rows(ref('kpi_training_daily')) }} as kpis
),

logins as (
    select
        business_date,
        user_id,
        region_id,
        country_id,
        branch_id,
        team_id
    from {{ ref('int_training__user_day') }}
    where
        logins > 0
        and business_date > (select {{ add_days('min(tested.date)', -28) }} from tested)
),

by_level as (
    {{ by_scope_level('logins') }}
)

select
    tested.date,
    tested.scope_level,
    tested.scope_id
from tested
left join by_level
    on
        tested.scope_level = by_level.scope_level
        and tested.scope_id = by_level.scope_id
        and tested.date >= by_level.business_date
        and {{ add_days('tested.date', -28) }} < by_level.business_date
group by tested.date, tested.scope_level, tested.scope_id
having
    -- the left side has one value a group; max of it is null where it is
    count(distinct case when by_level.business_date > {{ add_days('tested.date', -7) }} then by_level.user_id end)
    is distinct from max(tested.active_users_7d)
    or count(distinct by_level.user_id) is distinct from max(tested.active_users_28d)
