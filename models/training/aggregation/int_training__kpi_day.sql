-- One row per date with any record anywhere, scope level and scope known by then, quiet ones too.
-- Numbers to date are running sums; an incremental run begins them with the last day before the first touched one.
{% set scope = ['region_id', 'country_id', 'branch_id', 'team_id'] %}
{% set numbers_of_the_day = ['active_users', 'quizzes_completed', 'quizzes_passed', 'quiz_users',
    'upsell_attempt_sessions', 'upsell_success_sessions'] %}
{#- each number to date, and the column of a day that is added to it -#}
{% set numbers_to_date = {
    'module_attempts_started': 'attempts_started',
    'module_attempts_completed': 'attempts_completed',
    'users': 'user_change',
    'xp_total_sum': 'xp_change',
} %}
{#- versions behind the numbers to date: of the module attempts, and of the experience points -#}
{% set versions_to_date = ['attempt_scenario_version', 'xp_scenario_version', 'attempt_module_version',
    'xp_module_version', 'attempt_prompt_version', 'xp_prompt_version'] %}
{% set columns_of_a_day = ['date', 'scope_level', 'scope_id'] + scope + numbers_of_the_day
    + numbers_to_date.values() | list + versions_to_date %}
with touched_days as (
    select {{ columns_of_a_day | join(', ') }}
    from {{ ref('int_training__scope_day') }} as scope_days
    where {{ is_touched('from_date', 'scope_days', 'date') }}
),

{% if is_incremental() -%}
-- what stood on the last day before, as if it had been added on that day
day_before as (
    select
        date,
        scope_level,
        scope_id,
        {{ scope | join(',\n        ') }},
        {%- for number in numbers_of_the_day %}
        0 as {{ number }},
        {%- endfor %}
        {%- for number, change in numbers_to_date.items() %}
        {{ number }} as {{ change }},
        {%- endfor %}
        {{ versions_to_date | join(',\n        ') }}
    from {{ this }}
    where date = (select max(before.date) from {{ this }} as before where before.date < {{ first_touched_date('from_date') }})
),

{% endif -%}
scope_days as (
    select * from touched_days
    {%- if is_incremental() %}
    union all
    select {{ columns_of_a_day | join(', ') }} from day_before
    {%- endif %}
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

-- a quiet day adds nothing, so its numbers to date are those of the day before
every_day as (
    select
        dates.date,
        scopes.scope_level,
        scopes.scope_id,
        {%- for column in scope %}
        days.{{ column }},
        {%- endfor %}
        {%- for number in numbers_of_the_day %}
        cast(coalesce(days.{{ number }}, 0) as bigint) as {{ number }},
        {%- endfor %}
        {%- for number, change in numbers_to_date.items() %}
        cast(sum(coalesce(days.{{ change }}, 0)) over so_far as bigint) as {{ number }},
        {%- endfor %}
        {%- for version in versions_to_date %}
        {{ version_label_over('days.' ~ version, 'so_far') }} as {{ version }},
        {%- endfor %}
        count(days.region_id) over so_far as days_with_a_row
    from scopes
    inner join dates on scopes.first_date <= dates.date
    left join scope_days as days
        on
            scopes.scope_level = days.scope_level
            and scopes.scope_id = days.scope_id
            and dates.date = days.date
    window so_far as (partition by scopes.scope_level, scopes.scope_id order by dates.date)
),

-- a quiet day stands where the scope last stood: in the group that its last day with a row begins
with_place as (
    select
        *,
        max(region_id) over since_last_row as latest_region_id,
        max(country_id) over since_last_row as latest_country_id,
        max(branch_id) over since_last_row as latest_branch_id,
        max(team_id) over since_last_row as latest_team_id
    from every_day
    window since_last_row as (partition by scope_level, scope_id, days_with_a_row)
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
    {%- for rate, part, whole, people in [
        ('completion_rate', 'attempts_completed', 'attempts_started', 'attempt_users'),
        ('quiz_pass_rate', 'quizzes_passed', 'quizzes_completed', 'quiz_users'),
        ('upsell_success_rate', 'upsell_success_sessions', 'upsell_attempt_sessions', 'upsell_users'),
    ] %}
    coalesce(windows.window_{{ whole }}, 0) as window_{{ whole }},
    coalesce(windows.window_{{ part }}, 0) as window_{{ part }},
    {{ safe_ratio('windows.window_' ~ part, 'windows.window_' ~ whole) }} as window_{{ rate }},
    coalesce(windows.window_{{ people }}, 0) as window_{{ people }},
    {%- endfor %}
    {%- for name in ['scenario_version', 'module_version', 'prompt_version'] %}
    {{ combined_version_label(['windows.window_' ~ name, 'kpis.attempt_' ~ name, 'kpis.xp_' ~ name]) }} as {{ name }},
    {%- endfor %}
    kpis.{{ versions_to_date | join(',\n    kpis.') }}
from with_place as kpis
left join {{ ref('int_training__scope_window') }} as windows
    on
        kpis.date = windows.date
        and kpis.scope_level = windows.scope_level
        and kpis.scope_id = windows.scope_id
where {{ is_touched('from_date', 'kpis', 'date') }}
