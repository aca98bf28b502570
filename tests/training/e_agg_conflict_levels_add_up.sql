-- E_AGG_CONFLICT: on every day the four levels tell the same total of every additive measure, and so do each scope
-- and the scopes below it, where none of those stands in several places that day.
{% set measures = [
    'records', 'saleslab_sessions', 'attempts_started', 'quizzes_completed', 'quizzes_passed',
    'upsell_attempt_sessions', 'upsell_success_sessions',
] %}
{# A completion counts where its attempt began, a user who leaves where he was: places the team may have had before. #}
{% set all_measures = measures + ['attempts_completed', 'xp_change', 'user_change'] %}
{% set levels = scope_levels() %}
with scope_days as (
    select scope_days.* from {{ tested_rows(ref('int_training__scope_day')) }} as scope_days
),

totals as (
    select
        scope_level,
        {%- for measure in all_measures %}
        sum({{ measure }}) as {{ measure }},
        {%- endfor %}
        date
    from scope_days
    group by date, scope_level
),

{% for upper in levels[:-1] %}
{% set lower = levels[loop.index] %}
{{ lower }}_days as (
    select *
    from scope_days
    where scope_level = '{{ lower }}'
),

parts_of_{{ upper }} as (
    select
        {{ upper }}_id as scope_id,
        {%- for measure in measures %}
        sum({{ measure }}) as {{ measure }},
        {%- endfor %}
        date
    from {{ lower }}_days
    where
        date not in (
            select moved.date
            from {{ lower }}_days as moved
            where moved.{{ upper }}_id = 'mixed'
        )
    group by date, {{ upper }}_id
){{ ',' if not loop.last }}

{% endfor %}
{% for upper in levels[:-1] %}
select
    whole.date,
    whole.scope_level,
    whole.scope_id
from scope_days as whole
inner join parts_of_{{ upper }} as parts
    on
        whole.date = parts.date
        and whole.scope_id = parts.scope_id
where
    whole.scope_level = '{{ upper }}'
    and (
        false
        {%- for measure in measures %}
        or whole.{{ measure }} is distinct from parts.{{ measure }}
        {%- endfor %}
    )
union all
select
    totals.date,
    totals.scope_level,
    null as scope_id
from totals
left join totals as lower_totals
    on
        totals.date = lower_totals.date
        and lower_totals.scope_level = '{{ levels[loop.index] }}'
where
    totals.scope_level = '{{ upper }}'
    and (
        false
        {%- for measure in all_measures %}
        or totals.{{ measure }} is distinct from lower_totals.{{ measure }}
        {%- endfor %}
    )
{{ 'union all' if not loop.last }}
{% endfor %}
