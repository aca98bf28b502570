-- One row per user and day with any record: versionContext of the insights contract.
with user_days as (
    select * from {{ ref('int_training__user_day') }}
),

snapshots as (
    select *
    from {{ ref('snapshot_daily_user') }}
    where date <= {{ as_of_date() }}
),

versions_of_day as (
    select
        user_id,
        business_date as date,
        {{ version_label('module_version') }} as module_version,
        {{ version_label('scenario_version') }} as scenario_version,
        {{ version_label('prompt_version') }} as prompt_version,
        {{ sorted_distinct_texts('module_version') }} as module_versions,
        {{ sorted_distinct_texts('scenario_version') }} as scenario_versions,
        {{ sorted_distinct_texts('prompt_version') }} as prompt_versions
    from user_days
    where records > 0
    group by user_id, business_date
)

select
    snapshots.user_id,
    snapshots.date,
    versions_of_day.module_version,
    versions_of_day.scenario_version,
    versions_of_day.prompt_version,
    versions_of_day.module_versions,
    versions_of_day.scenario_versions,
    versions_of_day.prompt_versions,
    snapshots.latest_module_version,
    snapshots.latest_scenario_version,
    snapshots.latest_prompt_version,
    snapshots.region_id,
    snapshots.country_id,
    snapshots.branch_id,
    snapshots.team_id
from snapshots
inner join versions_of_day
    on
        snapshots.user_id = versions_of_day.user_id
        and snapshots.date = versions_of_day.date
