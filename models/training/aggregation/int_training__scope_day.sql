-- One row per date, scope level and scope with any record, or any change of users or xp, on that day.
-- Users and xp count where the user's day ended, so that both may be summed over days and over scopes.
with user_days as (
    select *
    from {{ ref('int_training__user_day') }} as user_days
    where {{ is_touched('scope_date', 'user_days', 'business_date') }}
),

day_ends as (
    select
        snapshots.date,
        snapshots.user_id,
        snapshots.region_id,
        snapshots.country_id,
        snapshots.branch_id,
        snapshots.team_id
    from {{ ref('snapshot_daily_user') }} as snapshots
    where {{ is_touched('scope_date', 'snapshots', 'date') }}
),

moves as (
    select *
    from {{ ref('int_training__user_moves') }} as moves
    where {{ is_touched('scope_date', 'moves', 'date') }}
),

user_changes as (
    select
        day_ends.date,
        day_ends.region_id,
        day_ends.country_id,
        day_ends.branch_id,
        day_ends.team_id,
        0 as user_change,
        user_days.xp_earned as xp_change
    from user_days
    inner join day_ends
        on
            user_days.business_date = day_ends.date
            and user_days.user_id = day_ends.user_id
    where user_days.xp_earned <> 0
    union all
    select
        date,
        region_id,
        country_id,
        branch_id,
        team_id,
        1 as user_change,
        xp_before as xp_change
    from moves
    union all
    select
        date,
        previous_region_id as region_id,
        previous_country_id as country_id,
        previous_branch_id as branch_id,
        previous_team_id as team_id,
        -1 as user_change,
        -xp_before as xp_change
    from moves
    where previous_team_id is not null
),

activity_and_changes as (
    select
        business_date as date,
        region_id,
        country_id,
        branch_id,
        team_id,
        user_id,
        records,
        logins,
        saleslab_sessions,
        attempts_started,
        attempts_completed,
        quizzes_completed,
        quizzes_passed,
        upsell_attempt_sessions,
        upsell_success_sessions,
        0 as xp_change,
        0 as user_change,
        case when records > 0 then scenario_version end as scenario_version,
        case when records > 0 then module_version end as module_version,
        case when records > 0 then prompt_version end as prompt_version
    from user_days
    union all
    select
        date,
        region_id,
        country_id,
        branch_id,
        team_id,
        null as user_id,
        0 as records,
        0 as logins,
        0 as saleslab_sessions,
        0 as attempts_started,
        0 as attempts_completed,
        0 as quizzes_completed,
        0 as quizzes_passed,
        0 as upsell_attempt_sessions,
        0 as upsell_success_sessions,
        xp_change,
        user_change,
        null as scenario_version,
        null as module_version,
        null as prompt_version
    from user_changes
),

by_level as (
    {{ by_scope_level('activity_and_changes') }}
)

select
    date,
    scope_level,
    scope_id,
    {{ scope_place() }},
    cast(sum(records) as bigint) as records,
    cast(count(distinct case when logins > 0 then user_id end) as bigint) as active_users,
    cast(count(distinct case when records > 0 then user_id end) as bigint) as users_seen,
    cast(sum(saleslab_sessions) as bigint) as saleslab_sessions,
    cast(sum(attempts_started) as bigint) as attempts_started,
    cast(sum(attempts_completed) as bigint) as attempts_completed,
    cast(sum(quizzes_completed) as bigint) as quizzes_completed,
    cast(sum(quizzes_passed) as bigint) as quizzes_passed,
    cast(count(distinct case when quizzes_completed > 0 then user_id end) as bigint) as quiz_users,
    cast(sum(upsell_attempt_sessions) as bigint) as upsell_attempt_sessions,
    cast(sum(upsell_success_sessions) as bigint) as upsell_success_sessions,
    cast(sum(xp_change) as bigint) as xp_change,
    cast(sum(user_change) as bigint) as user_change,
    {{ version_label('scenario_version') }} as scenario_version,
    {{ version_label('module_version') }} as module_version,
    {{ version_label('prompt_version') }} as prompt_version
from by_level
group by date, scope_level, scope_id
