-- One row per date with any record anywhere, scope level and scope known by then, quiet ones too.
-- States are running sums of changes; an incremental run starts them from the last row before the first touched day.
{% set state_columns = ['date', 'scope_level', 'scope_id', 'region_id', 'country_id', 'branch_id', 'team_id'] %}
{% set day_columns = [
    'records', 'active_users', 'quizzes_completed', 'quizzes_passed', 'quiz_users',
    'upsell_attempt_sessions', 'upsell_success_sessions',
] %}
{% set change_columns = {
    'attempts_started': 'module_attempts_started',
    'attempts_completed': 'module_attempts_completed',
    'user_change': 'users',
    'xp_change': 'xp_total_sum',
} %}
{% set version_columns = ['scenario_version', 'module_version', 'prompt_version'] %}
with scope_days as (
    select {{ (state_columns + day_columns + change_columns.keys() | list + version_columns) | join(', ') }}
    from {{ ref('int_training__scope_day') }} as scope_days
    where {{ is_touched('from_date', 'scope_days', 'date') }}
    {% if is_incremental() %}
    union all
    select
        {{ state_columns | join(', ') }},
        1 as records,
        {% for column in day_columns[1:] %}
        0 as {{ column }},
        {% endfor %}
        {% for column, state in change_columns.items() %}
        {{ state }} as {{ column }},
        {% endfor %}
        {% for column in version_columns %}
        null as {{ column }}{{ ',' if not loop.last }}
        {% endfor %}
    from {{ this }}
    where date = (select max(before.date) from {{ this }} as before where before.date < {{ first_touched_date('from_date') }})
    {% endif %}
),

windows as (
    select * from {{ ref('int_training__scope_active_users') }}
),

dates as (
    select distinct date from scope_days
),

scopes as (
    select
        scope_level,
        scope_id,
        min(date) as first_date
    from scope_days
    group by scope_level, scope_id
),

every_day as (
    select
        dates.date,
        scopes.scope_level,
        scopes.scope_id,
        days.region_id,
        days.country_id,
        days.branch_id,
        days.team_id,
        days.scenario_version,
        days.module_version,
        days.prompt_version,
        coalesce(days.active_users, 0) as active_users,
        coalesce(days.quizzes_completed, 0) as quizzes_completed,
        coalesce(days.quizzes_passed, 0) as quizzes_passed,
        coalesce(days.quiz_users, 0) as quiz_users,
        coalesce(days.upsell_attempt_sessions, 0) as upsell_attempt_sessions,
        coalesce(days.upsell_success_sessions, 0) as upsell_success_sessions,
        count(days.region_id) over scope_so_far as places_so_far,
        sum(coalesce(days.attempts_started, 0)) over scope_so_far as module_attempts_started,
        sum(coalesce(days.attempts_completed, 0)) over scope_so_far as module_attempts_completed,
        sum(coalesce(days.user_change, 0)) over scope_so_far as users,
        sum(coalesce(days.xp_change, 0)) over scope_so_far as xp_total_sum
    from scopes
    inner join dates
        on scopes.first_date <= dates.date
    left join scope_days as days
        on
            scopes.scope_level = days.scope_level
            and scopes.scope_id = days.scope_id
            and dates.date = days.date
    window scope_so_far as (partition by scopes.scope_level, scopes.scope_id order by dates.date)
),

with_latest_place as (
    select
        *,
        max(region_id) over latest_place as latest_region_id,
        max(country_id) over latest_place as latest_country_id,
        max(branch_id) over latest_place as latest_branch_id,
        max(team_id) over latest_place as latest_team_id
    from every_day
    window latest_place as (partition by scope_level, scope_id, places_so_far)
)

select
    kpis.date,
    kpis.scope_level,
    kpis.scope_id,
    kpis.latest_region_id as region_id,
    kpis.latest_country_id as country_id,
    kpis.latest_branch_id as branch_id,
    kpis.latest_team_id as team_id,
    cast(kpis.active_users as bigint) as active_users,
    coalesce(windows.active_users_7d, 0) as active_users_7d,
    coalesce(windows.active_users_28d, 0) as active_users_28d,
    cast(kpis.module_attempts_started as bigint) as module_attempts_started,
    cast(kpis.module_attempts_completed as bigint) as module_attempts_completed,
    {{ safe_ratio('kpis.module_attempts_completed', 'kpis.module_attempts_started') }} as module_completion_rate,
    cast(kpis.quizzes_completed as bigint) as quizzes_completed,
    cast(kpis.quizzes_passed as bigint) as quizzes_passed,
    {{ safe_ratio('kpis.quizzes_passed', 'kpis.quizzes_completed') }} as quiz_pass_rate,
    cast(kpis.quiz_users as bigint) as quiz_users,
    cast(kpis.upsell_attempt_sessions as bigint) as upsell_attempt_sessions,
    cast(kpis.upsell_success_sessions as bigint) as upsell_success_sessions,
    {{ safe_ratio('kpis.upsell_success_sessions', 'kpis.upsell_attempt_sessions') }} as upsell_success_rate,
    cast(kpis.users as bigint) as users,
    cast(kpis.xp_total_sum as bigint) as xp_total_sum,
    {{ safe_ratio('kpis.xp_total_sum', 'kpis.users') }} as avg_xp_total,
    kpis.scenario_version,
    kpis.module_version,
    kpis.prompt_version
from with_latest_place as kpis
left join windows
    on
        kpis.date = windows.date
        and kpis.scope_level = windows.scope_level
        and kpis.scope_id = windows.scope_id
where {{ is_touched('from_date', 'kpis', 'date') }}
