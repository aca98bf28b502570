-- E_AGG_CONFLICT: on every day the four levels tell the same total of every additive measure, and so do each scope
-- and the scopes below it. Held to no sum is only a scope that shares one of those with another on that day.
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

user_days as (
    select user_days.* from {{ tested_rows(ref('int_training__user_day'), 'from_date', 'business_date') }} as user_days
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

-- a scope under several others is a part of each, with an unknown share: those have no sum to be held to
shared_in_{{ upper }} as (
    select distinct
        user_days.business_date as date,
        user_days.{{ upper }}_id as scope_id
    from user_days
    inner join {{ lower }}_days as shared
        on
            user_days.business_date = shared.date
            and user_days.{{ lower }}_id = shared.scope_id
            and shared.{{ upper }}_id = 'mixed'
),

parts_of_{{ upper }} as (
    select
        {{ upper }}_id as scope_id,
        {%- for measure in measures %}
        sum({{ measure }}) as {{ measure }},
        {%- endfor %}
        date
    from {{ lower }}_days
    where {{ upper }}_id <> 'mixed'
    group by date, {{ upper }}_id
){{ ',' if not loop.last }}

{% endfor %}
{% for upper in levels[:-1] %}
select
    whole.date,
    whole.scope_level,
    whole.scope_id
from scope_days as whole
left join parts_of_{{ upper }} as parts
    on
        whole.date = parts.date
        and whole.scope_id = parts.scope_id
left join shared_in_{{ upper }} as shared
    on
        whole.date = shared.date
        and whole.scope_id = shared.scope_id
where
    whole.scope_level = '{{ upper }}'
    and shared.scope_id is null
    and (
        false
        {%- for measure in measures %}
        or whole.{{ measure }} <> coalesce(parts.{{ measure }}, 0)
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
