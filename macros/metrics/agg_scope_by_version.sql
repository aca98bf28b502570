{#- Body of the four agg_<scope>_by_version tables: one formula, four levels. -#}
{% macro agg_scope_by_version(level) %}
with version_days as (
    select *
    from {{ ref('int_training__scope_version_day') }}
    where scope_level = '{{ level }}'
),

with_totals_to_date as (
    select
        *,
        sum(attempts_started) over versions_so_far as attempts_started_to_date,
        sum(attempts_completed) over versions_so_far as attempts_completed_to_date
    from version_days
    window versions_so_far as (
        partition by scope_id, module_version, scenario_version, prompt_version
        order by date
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
where {{ is_touched('from_date', 'with_totals_to_date', 'date') }}
{% endmacro %}
