{#- Body of the four agg_<scope>_by_version tables: one formula, four levels. The days before the first touched one are
    added up to one row without a date, so that an incremental run sorts only what it writes. -#}
{% macro agg_scope_by_version(level) %}
{%- set measures = [
    'users_seen', 'active_users', 'saleslab_sessions', 'attempts_started', 'attempts_completed', 'quizzes_completed',
    'quizzes_passed', 'upsell_attempt_sessions', 'upsell_success_sessions',
] -%}
{%- set touched_date -%}
    case when {{ is_touched('from_date', 'days', 'date') }} then days.date end
{%- endset -%}
with version_days as (
    select
        {{ touched_date }} as date,
        days.scope_id,
        days.module_version,
        days.scenario_version,
        days.prompt_version,
        {%- for measure in measures %}
        cast(sum(days.{{ measure }}) as bigint) as {{ measure }}{{ ',' if not loop.last }}
        {%- endfor %}
    from {{ ref('int_training__scope_version_day') }} as days
    where days.scope_level = '{{ level }}'
    group by {{ touched_date }}, days.scope_id, days.module_version, days.scenario_version, days.prompt_version
),

with_totals_to_date as (
    select
        *,
        sum(attempts_started) over versions_so_far as attempts_started_to_date,
        sum(attempts_completed) over versions_so_far as attempts_completed_to_date
    from version_days
    window versions_so_far as (
        partition by scope_id, module_version, scenario_version, prompt_version
        order by date nulls first
    )
)

select
    date,
    scope_id as {{ level }}_id,
    module_version,
    scenario_version,
    prompt_version,
    users_seen,
    active_users,
    saleslab_sessions,
    attempts_started,
    attempts_completed,
    {{ safe_ratio('attempts_completed_to_date', 'attempts_started_to_date') }} as module_completion_rate,
    quizzes_completed,
    quizzes_passed,
    {{ safe_ratio('quizzes_passed', 'quizzes_completed') }} as quiz_pass_rate,
    upsell_attempt_sessions,
    upsell_success_sessions,
    {{ safe_ratio('upsell_success_sessions', 'upsell_attempt_sessions') }} as upsell_success_rate
from with_totals_to_date
where date is not null
{% endmacro %}
