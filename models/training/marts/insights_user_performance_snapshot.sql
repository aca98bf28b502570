-- One row per user and day with any record: userPerformanceSnapshot of the insights contract.
with snapshots as (
    select * from {{ ref('snapshot_daily_user') }}
)

select
    user_id,
    date,
    module_completed,
    quiz_completed,
    saleslab_sessions,
    xp_total,
    badges_owned,
    latest_module_version as module_version,
    latest_scenario_version as scenario_version,
    latest_prompt_version as prompt_version,
    region_id,
    country_id,
    branch_id,
    team_id
from snapshots
where date <= {{ as_of_date() }}
