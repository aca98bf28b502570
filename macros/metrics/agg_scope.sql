{#- Body of agg_region, agg_country, agg_branch and agg_team: one formula, four levels. -#}
{% macro agg_scope(level) %}
{%- set versions = ['scenario_version', 'module_version', 'prompt_version'] -%}
with scope_days as (
    select *
    from {{ ref('int_training__scope_day') }}
    where scope_level = '{{ level }}'
),

with_totals_to_date as (
    select
        *,
        {%- for version in versions %}
        {{ version_label_over('attempt_' ~ version, 'so_far') }} as attempt_{{ version }}_to_date,
        {%- endfor %}
        sum(attempts_started) over so_far as attempts_started_to_date,
        sum(attempts_completed) over so_far as attempts_completed_to_date
    from scope_days
    window so_far as (partition by scope_id order by date)
)

select
    date,
    scope_id as {{ level }}_id,
    active_users,
    saleslab_sessions as total_sales_lab_sessions,
    {{ safe_ratio('attempts_completed_to_date', 'attempts_started_to_date') }} as module_completion_rate,
    {{ safe_ratio('quizzes_passed', 'quizzes_completed') }} as quiz_pass_rate,
    {{ safe_ratio('upsell_success_sessions', 'upsell_attempt_sessions') }} as avg_upsell_success_rate,
    {%- for version in versions %}
    {{ combined_version_label([version, 'attempt_' ~ version ~ '_to_date']) }} as {{ version }}{{ ',' if not loop.last }}
    {%- endfor %}
from with_totals_to_date
where
    records > 0
    and {{ is_touched('from_date', 'with_totals_to_date', 'date') }}
{% endmacro %}
