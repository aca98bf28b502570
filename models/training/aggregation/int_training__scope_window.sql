-- One row per date with any record anywhere, scope level and scope with a record in a trailing window up to that date.
-- Sums and version labels are computed here, people come from int_training__scope_window_people.
{% set days = var('rank_window_days') | int %}
{% set measures = [
    'attempts_started', 'quizzes_completed', 'quizzes_passed', 'upsell_attempt_sessions', 'upsell_success_sessions',
] %}
{% set people = [
    'active_users_7d', 'active_users_28d', 'window_attempt_users', 'window_quiz_users', 'window_upsell_users',
    'window_attempts_completed',
] %}
{% set labels = [
    'scenario_version', 'module_version', 'prompt_version',
    'attempt_scenario_version', 'attempt_module_version', 'attempt_prompt_version',
    'quiz_scenario_version', 'quiz_module_version', 'quiz_prompt_version',
] %}
with scope_days as (
    select scope_days.*
    from {{ ref('int_training__scope_day') }} as scope_days
    where {{ is_near_touched_day('scope_days.date') }}
),

dates as (
    select distinct scope_days.date
    from scope_days
    where {{ is_touched('window_date', 'scope_days', 'date') }}
),

scopes as (
    select distinct
        scope_level,
        scope_id
    from scope_days
),

days_and_dates as (
    select
        scope_level,
        scope_id,
        records,
        {{ (measures + labels) | join(',\n        ') }},
        date
    from scope_days
    union all
    select
        scopes.scope_level,
        scopes.scope_id,
        {%- for column in ['records'] + measures + labels %}
        null as {{ column }},
        {%- endfor %}
        dates.date
    from scopes
    cross join dates
    where
        not exists (
            select 1
            from scope_days
            where
                scope_days.scope_level = scopes.scope_level
                and scope_days.scope_id = scopes.scope_id
                and scope_days.date = dates.date
        )
),

windows as (
    select
        scope_level,
        scope_id,
        sum(records) over last_days as window_records,
        {%- for measure in measures %}
        cast(sum({{ measure }}) over last_days as bigint) as window_{{ measure }},
        {%- endfor %}
        {%- for label in labels %}
        {{ version_label_over(label, 'last_days') }} as window_{{ label }},
        {%- endfor %}
        date
    from days_and_dates
    window last_days as (
        partition by scope_level, scope_id
        order by date
        range between interval '{{ days - 1 }} days' preceding and current row
    )
)

select
    windows.date,
    windows.scope_level,
    windows.scope_id,
    {%- for column in people %}
    coalesce(people.{{ column }}, 0) as {{ column }},
    {%- endfor %}
    {%- for measure in measures %}
    coalesce(windows.window_{{ measure }}, 0) as window_{{ measure }},
    {%- endfor %}
    windows.window_{{ labels | join(',\n    windows.window_') }}
from windows
inner join dates
    on windows.date = dates.date
left join {{ ref('int_training__scope_window_people') }} as people
    on
        windows.date = people.date
        and windows.scope_level = people.scope_level
        and windows.scope_id = people.scope_id
where windows.window_records > 0 or people.date is not null
