-- One row per date, scope level and scope with any record, or any change of users or xp, on that day.
-- Users and xp count where the user's day ended, so that both may be summed over days and over scopes.
{% set scope = ['region_id', 'country_id', 'branch_id', 'team_id'] %}
{% set versions = ['scenario_version', 'module_version', 'prompt_version'] %}
{% set measures = [
    'records', 'logins', 'saleslab_sessions', 'attempts_started', 'attempts_completed', 'quizzes_completed',
    'quizzes_passed', 'upsell_attempt_sessions', 'upsell_success_sessions',
] %}
{% set labels = versions + [
    'attempt_scenario_version', 'attempt_module_version', 'attempt_prompt_version',
    'quiz_scenario_version', 'quiz_module_version', 'quiz_prompt_version',
    'xp_scenario_version', 'xp_module_version', 'xp_prompt_version',
] %}
with user_days as (
    select *
    from {{ ref('int_training__user_day') }} as user_days
    where {{ is_touched('scope_date', 'user_days', 'business_date') }}
),

day_ends as (
    select *
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
        {%- for column in scope %}
        day_ends.{{ column }},
        {%- endfor %}
        {%- for version in versions %}
        user_days.{{ version }} as xp_{{ version }},
        {%- endfor %}
        user_days.xp_earned as xp_change,
        0 as user_change
    from user_days
    inner join day_ends
        on
            user_days.business_date = day_ends.date
            and user_days.user_id = day_ends.user_id
    where user_days.xp_earned <> 0
    union all
    select
        date,
        {%- for column in scope %}
        {{ column }},
        {%- endfor %}
        {%- for version in versions %}
        xp_{{ version }}_before as xp_{{ version }},
        {%- endfor %}
        xp_before as xp_change,
        1 as user_change
    from moves
    union all
    select
        date,
        {%- for column in scope %}
        previous_{{ column }} as {{ column }},
        {%- endfor %}
        {%- for version in versions %}
        null as xp_{{ version }},
        {%- endfor %}
        -xp_before as xp_change,
        -1 as user_change
    from moves
    where previous_team_id is not null
),

activity_and_changes as (
    select  -- noqa: ST06
        business_date as date,
        {{ (scope + ['user_id'] + measures) | join(',\n        ') }},
        {%- for version in versions %}
        case when records > 0 then {{ version }} end as {{ version }},
        case when attempts_started > 0 then {{ version }} end as attempt_{{ version }},
        case when quizzes_completed > 0 then {{ version }} end as quiz_{{ version }},
        null as xp_{{ version }},
        {%- endfor %}
        0 as xp_change,
        0 as user_change
    from user_days
    union all
    select
        date,
        {{ scope | join(',\n        ') }},
        null as user_id,
        {%- for measure in measures %}
        0 as {{ measure }},
        {%- endfor %}
        {%- for version in versions %}
        null as {{ version }},
        null as attempt_{{ version }},
        null as quiz_{{ version }},
        xp_{{ version }},
        {%- endfor %}
        xp_change,
        user_change
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
    {%- for label in labels[:-1] %}
    {{ version_label(label) }} as {{ label }},
    {%- endfor %}
    {{ version_label(labels[-1]) }} as {{ labels[-1] }}
from by_level
group by date, scope_level, scope_id
