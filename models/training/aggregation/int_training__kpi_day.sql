-- One row per date with any record anywhere, scope level and scope known by then, quiet ones too.
-- States are running sums of changes; an incremental run starts them from the last row before the first touched day.
{% set key = ['date', 'scope_level', 'scope_id'] %}
{% set scope = ['region_id', 'country_id', 'branch_id', 'team_id'] %}
{% set versions = ['scenario_version', 'module_version', 'prompt_version'] %}
{% set labels = [
    'attempt_scenario_version', 'xp_scenario_version', 'attempt_module_version', 'xp_module_version',
    'attempt_prompt_version', 'xp_prompt_version',
] %}
{% set day_columns = [
    'active_users', 'quizzes_completed', 'quizzes_passed', 'quiz_users',
    'upsell_attempt_sessions', 'upsell_success_sessions',
] %}
{% set states = {
    'module_attempts_started': 'attempts_started',
    'module_attempts_completed': 'attempts_completed',
    'users': 'user_change',
    'xp_total_sum': 'xp_change',
} %}
{% set window_kpis = [
    ('completion_rate', 'attempts_completed', 'attempts_started', 'attempt_users'),
    ('quiz_pass_rate', 'quizzes_passed', 'quizzes_completed', 'quiz_users'),
    ('upsell_success_rate', 'upsell_success_sessions', 'upsell_attempt_sessions', 'upsell_users'),
] %}
with scope_days as (
    select
        {{ (key + scope + day_columns + states.values() | list + labels) | join(',\n        ') }}
    from {{ ref('int_training__scope_day') }} as scope_days
    where {{ is_touched('from_date', 'scope_days', 'date') }}
    {% if is_incremental() %}
    union all
    select
        date,
        scope_level,
        scope_id,
        {{ scope | join(',\n        ') }},
        {%- for column in day_columns %}
        0 as {{ column }},
        {%- endfor %}
        {{ (states.keys() | list + labels) | join(',\n        ') }}
    from {{ this }}
    where date = (select max(before.date) from {{ this }} as before where before.date < {{ first_touched_date('from_date') }})
    {% endif %}
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
        {%- for column in scope %}
        days.{{ column }},
        {%- endfor %}
        {%- for column in day_columns %}
        cast(coalesce(days.{{ column }}, 0) as bigint) as {{ column }},
        {%- endfor %}
        {%- for state, change in states.items() %}
        cast(sum(coalesce(days.{{ change }}, 0)) over so_far as bigint) as {{ state }},
        {%- endfor %}
        {%- for label in labels %}
        {{ version_label_over('days.' ~ label, 'so_far') }} as {{ label }},
        {%- endfor %}
        count(days.region_id) over so_far as places_so_far
    from scopes
    inner join dates
        on scopes.first_date <= dates.date
    left join scope_days as days
        on
            scopes.scope_level = days.scope_level
            and scopes.scope_id = days.scope_id
            and dates.date = days.date
    window so_far as (partition by scopes.scope_level, scopes.scope_id order by dates.date)
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
    {%- for column in scope %}
    kpis.latest_{{ column }} as {{ column }},
    {%- endfor %}
    kpis.active_users,
    coalesce(windows.active_users_7d, 0) as active_users_7d,
    coalesce(windows.active_users_28d, 0) as active_users_28d,
    kpis.module_attempts_started,
    kpis.module_attempts_completed,
    {{ safe_ratio('kpis.module_attempts_completed', 'kpis.module_attempts_started') }} as module_completion_rate,
    kpis.quizzes_completed,
    kpis.quizzes_passed,
    {{ safe_ratio('kpis.quizzes_passed', 'kpis.quizzes_completed') }} as quiz_pass_rate,
    kpis.quiz_users,
    kpis.upsell_attempt_sessions,
    kpis.upsell_success_sessions,
    {{ safe_ratio('kpis.upsell_success_sessions', 'kpis.upsell_attempt_sessions') }} as upsell_success_rate,
    kpis.users,
    kpis.xp_total_sum,
    {{ safe_ratio('kpis.xp_total_sum', 'kpis.users') }} as avg_xp_total,
    {%- for kpi, successes, trials, people in window_kpis %}
    coalesce(windows.window_{{ trials }}, 0) as window_{{ trials }},
    coalesce(windows.window_{{ successes }}, 0) as window_{{ successes }},
    {{ safe_ratio('windows.window_' ~ successes, 'windows.window_' ~ trials) }} as window_{{ kpi }},
    coalesce(windows.window_{{ people }}, 0) as window_{{ people }},
    {%- endfor %}
    {%- for version in versions %}
    {{ combined_version_label(
        ['windows.window_' ~ version, 'kpis.attempt_' ~ version, 'kpis.xp_' ~ version]
    ) }} as {{ version }},
    {%- endfor %}
    kpis.{{ labels | join(',\n    kpis.') }}
from with_latest_place as kpis
left join {{ ref('int_training__scope_window') }} as windows
    on
        kpis.date = windows.date
        and kpis.scope_level = windows.scope_level
        and kpis.scope_id = windows.scope_id
where {{ is_touched('from_date', 'kpis', 'date') }}
