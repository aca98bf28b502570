-- Two ways to one number: users and xp of a scope by running sums of changes,
-- and counted from the users' last snapshots.
with snapshots as (
    select * from {{ ref('snapshot_daily_user') }}
),

last_days as (
    select
        user_id,
        max(date) as date
    from snapshots
    group by user_id
),

by_level as (
    {{ by_scope_level('snapshots') }}
),

counted_by_scope as (
    select
        by_level.scope_level,
        by_level.scope_id,
        count(*) as users,
        sum(by_level.xp_total) as xp_total_sum
    from by_level
    inner join last_days
        on
            by_level.user_id = last_days.user_id
            and by_level.date = last_days.date
    group by by_level.scope_level, by_level.scope_id
),

kpis as (
    select * from {{ ref('int_training__kpi_day') }}
),

last_day as (
    select max(date) as date
    from kpis
),

latest_kpis as (
    select kpis.*
    from kpis
    inner join last_day on kpis.date = last_day.date
)

select
    latest_kpis.users,
    counted_by_scope.users as counted_users,
    latest_kpis.xp_total_sum,
    counted_by_scope.xp_total_sum as counted_xp,
    coalesce(latest_kpis.scope_level, counted_by_scope.scope_level) as scope_level,
    coalesce(latest_kpis.scope_id, counted_by_scope.scope_id) as scope_id
from latest_kpis
full outer join counted_by_scope
    on
        latest_kpis.scope_level = counted_by_scope.scope_level
        and latest_kpis.scope_id = counted_by_scope.scope_id
where
    coalesce(latest_kpis.users, 0) <> coalesce(counted_by_scope.users, 0)
    or coalesce(latest_kpis.xp_total_sum, 0) <> coalesce(counted_by_scope.xp_total_sum, 0)
