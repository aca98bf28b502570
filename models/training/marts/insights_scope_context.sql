-- One row per user and day with any record: scopeContext of the insights contract.
with snapshots as (
    select *
    from {{ ref('snapshot_daily_user') }}
    where date <= {{ as_of_date() }}
),

moves as (
    select * from {{ ref('int_training__user_moves') }}
),

version_contexts as (
    select * from {{ ref('insights_version_context') }}
)

select  -- noqa: ST06
    snapshots.user_id,
    snapshots.date,
    snapshots.region_id,
    snapshots.country_id,
    snapshots.branch_id,
    snapshots.team_id,
    moves.previous_team_id is not null as has_moved,
    moves.previous_region_id,
    moves.previous_country_id,
    moves.previous_branch_id,
    moves.previous_team_id,
    version_contexts.module_version,
    version_contexts.scenario_version,
    version_contexts.prompt_version
from snapshots
inner join version_contexts
    on
        snapshots.user_id = version_contexts.user_id
        and snapshots.date = version_contexts.date
left join moves
    on
        snapshots.user_id = moves.user_id
        and snapshots.date = moves.date
