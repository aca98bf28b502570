-- AG-DATA-01: a snapshot row carries a full scope, and a latest version as soon as the user has met one.
with user_days as (
    select * from {{ ref('int_training__user_day') }}
),

first_versions as (
    select
        user_id,
        min(case when module_version is not null then business_date end) as module_date,
        min(case when scenario_version is not null then business_date end) as scenario_date,
        min(case when prompt_version is not null then business_date end) as prompt_date
    from user_days
    where records > 0
    group by user_id
)

select
    snapshots.user_id,
    snapshots.date
from {{ tested_rows(ref('snapshot_daily_user')) }} as snapshots
left join first_versions
    on snapshots.user_id = first_versions.user_id
where
    coalesce(snapshots.region_id, '') = ''
    or coalesce(snapshots.country_id, '') = ''
    or coalesce(snapshots.branch_id, '') = ''
    or coalesce(snapshots.team_id, '') = ''
    or (snapshots.latest_module_version is null) <> coalesce(first_versions.module_date > snapshots.date, true)
    or (snapshots.latest_scenario_version is null) <> coalesce(first_versions.scenario_date > snapshots.date, true)
    or (snapshots.latest_prompt_version is null) <> coalesce(first_versions.prompt_date > snapshots.date, true)
