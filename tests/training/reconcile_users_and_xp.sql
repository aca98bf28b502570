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

counted as (
    select
        {{ scope_level_of_path() }} as scope_level,
        {{ scope_id_of_path() }} as scope_id,
        count(*) as users,
        sum(snapshots.xp_total) as xp_total_sum
    from snapshots
    inner join last_days
        on
            snapshots.user_id = last_days.user_id
            and snapshots.date = last_days.date
    group by {{ rolled_up_path() }}
),

counted_by_scope as (
    select
        scope_level,
        scope_id,
        sum(users) as users,
        sum(xp_total_sum) as xp_total_sum
    from counted
    group by scope_level, scope_id
),

latest_kpis as (
    select *
    from {{ ref('kpi_training_daily') }} as kpis
    where kpis.date = (select max(all_kpis.date) from {{ ref('kpi_training_daily') }} as all_kpis)
)

select
    coalesce(latest_kpis.scope_level, counted_by_scope.scope_level) as scope_level,
    coalesce(latest_kpis.scope_id, counted_by_scope.scope_id) as scope_id,
    latest_kpis.users,
    counted_by_scope.users as counted_users,
    latest_kpis.xp_total_sum,
    counted_by_scope.xp_total_sum as counted_xp
from latest_kpis
full outer join counted_by_scope
    on
        latest_kpis.scope_level = counted_by_scope.scope_level
        and latest_kpis.scope_id = counted_by_scope.scope_id
where
    coalesce(latest_kpis.users, 0) <> coalesce(counted_by_scope.users, 0)
    or coalesce(latest_kpis.xp_total_sum, 0) <> coalesce(counted_by_scope.xp_total_sum, 0)
