-- E_AGG_CONFLICT: every additive measure of a scope is the sum over the scopes below it, on every day.
{% set measures = [
    'records', 'saleslab_sessions', 'attempts_started', 'attempts_completed', 'quizzes_completed', 'quizzes_passed',
    'upsell_attempt_sessions', 'upsell_success_sessions', 'xp_change', 'user_change',
] %}
{% set levels = scope_levels() %}
with scope_days as (
    select * from {{ ref('int_training__scope_day') }}
)

{% for upper in levels[:-1] %}
{% set path = levels[:loop.index] %}
select
    coalesce(upper_level.date, lower_level.date) as date,
    '{{ upper }}' as scope_level,
    coalesce(upper_level.{{ upper }}_id, lower_level.{{ upper }}_id) as scope_id
from (
    select *
    from scope_days
    where scope_level = '{{ upper }}'
) as upper_level
full outer join (
    select
        date,
        {% for level in path %}
        {{ level }}_id,
        {% endfor %}
        {% for measure in measures %}
        sum({{ measure }}) as {{ measure }}{{ ',' if not loop.last }}
        {% endfor %}
    from scope_days
    where scope_level = '{{ levels[loop.index] }}'
    group by date{% for level in path %}, {{ level }}_id{% endfor %}
) as lower_level
    on upper_level.date = lower_level.date
    {% for level in path %}
    and upper_level.{{ level }}_id = lower_level.{{ level }}_id
    {% endfor %}
where
    {% for measure in measures %}
    {{ 'or ' if not loop.first }}upper_level.{{ measure }} is distinct from lower_level.{{ measure }}
    {% endfor %}
{{ 'union all' if not loop.last }}
{% endfor %}
