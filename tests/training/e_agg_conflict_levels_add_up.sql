-- E_AGG_CONFLICT: every additive measure of a scope is the sum over the scopes below it, on every day.
{% set measures = [
    'records', 'saleslab_sessions', 'attempts_started', 'attempts_completed', 'quizzes_completed', 'quizzes_passed',
    'upsell_attempt_sessions', 'upsell_success_sessions', 'xp_change', 'user_change',
] %}
{% set levels = scope_levels() %}
with scope_days as (
    select * from {{ ref('int_training__scope_day') }}
),

{% for upper in levels[:-1] %}
{% set path = levels[:loop.index] %}
{{ upper }}_days as (
    select *
    from scope_days
    where scope_level = '{{ upper }}'
),

parts_of_{{ upper }} as (
    select
        date,
        {%- for level in path %}
        {{ level }}_id,
        {%- endfor %}
        {%- for measure in measures %}
        sum({{ measure }}) as {{ measure }}{{ ',' if not loop.last }}
        {%- endfor %}
    from scope_days
    where scope_level = '{{ levels[loop.index] }}'
    group by date{% for level in path %}, {{ level }}_id{% endfor %}
){{ ',' if not loop.last }}

{% endfor %}
{% for upper in levels[:-1] %}
{% set path = levels[:loop.index] %}
select
    coalesce(whole.date, parts.date) as date,
    '{{ upper }}' as scope_level,
    coalesce(whole.{{ upper }}_id, parts.{{ upper }}_id) as scope_id
from {{ upper }}_days as whole
full outer join parts_of_{{ upper }} as parts
    on
        whole.date = parts.date
        {%- for level in path %}
        and whole.{{ level }}_id = parts.{{ level }}_id
        {%- endfor %}
where
    false
    {%- for measure in measures %}
    or whole.{{ measure }} is distinct from parts.{{ measure }}
    {%- endfor %}
{{ 'union all' if not loop.last }}
{% endfor %}
