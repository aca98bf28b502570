-- One row per user and day at whose end the scope is another than at the end of the snapshot day before, or the first.
with days as (
    select
        days.*,
        true as is_touched
    from {{ ref('snapshot_daily_user') }} as days
    where {{ is_touched('user_from', 'days', 'date') }}
    {%- if is_incremental() %}
    union all
    select
        days.*,
        false as is_touched
    from ({{ last_rows_before(ref('snapshot_daily_user'), ['date']) }}) as days
    {%- endif %}
),

followed as (
    select
        *,
        lag(date) over so_far as previous_date,
        lag(region_id) over so_far as previous_region_id,
        lag(country_id) over so_far as previous_country_id,
        lag(branch_id) over so_far as previous_branch_id,
        lag(team_id) over so_far as previous_team_id,
        lag(xp_total) over so_far as previous_xp_total
    from days
    window so_far as (partition by user_id order by date)
),

moves as (
    select *
    from followed
    where
        is_touched
        and (
            previous_date is null
            or region_id <> previous_region_id
            or country_id <> previous_country_id
            or branch_id <> previous_branch_id
            or team_id <> previous_team_id
        )
),

xp_versions_before as (
    select
        moves.user_id,
        moves.date,
        {{ version_label('user_days.scenario_version') }} as scenario_version,
        {{ version_label('user_days.module_version') }} as module_version,
        {{ version_label('user_days.prompt_version') }} as prompt_version
    from moves
    inner join {{ ref('int_training__user_day') }} as user_days
        on
            moves.user_id = user_days.user_id
            and moves.date > user_days.business_date
            and user_days.xp_earned <> 0
    where moves.previous_date is not null
    group by moves.user_id, moves.date
)

select  -- noqa: ST06
    moves.user_id,
    moves.date,
    moves.region_id,
    moves.country_id,
    moves.branch_id,
    moves.team_id,
    moves.previous_region_id,
    moves.previous_country_id,
    moves.previous_branch_id,
    moves.previous_team_id,
    coalesce(moves.previous_xp_total, 0) as xp_before,
    xp_versions_before.scenario_version as xp_scenario_version_before,
    xp_versions_before.module_version as xp_module_version_before,
    xp_versions_before.prompt_version as xp_prompt_version_before
from moves
left join xp_versions_before
    on
        moves.user_id = xp_versions_before.user_id
        and moves.date = xp_versions_before.date
