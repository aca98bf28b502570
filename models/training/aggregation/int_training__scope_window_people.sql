-- One row per date with any record anywhere, scope level and scope with a login, attempt, quiz or upsell in a window.
-- A person's deed covers the days to the next of its kind or the window's end: nobody counts twice, at one sort's cost.
{% set days = var('rank_window_days') | int %}
{% set people = {
    'active_users_7d': ('logins', 7),
    'active_users_28d': ('logins', 28),
    'window_attempt_users': ('attempts_started', days),
    'window_quiz_users': ('quizzes_completed', days),
    'window_upsell_users': ('upsell_attempt_sessions', days),
} %}
{% set counts = people.keys() | list + ['window_attempts_completed'] %}
with dates as (
    select distinct scope_days.date
    from {{ ref('int_training__scope_day') }} as scope_days
    where {{ is_touched('window_date', 'scope_days', 'date') }}
),

user_days as (
    select user_days.*
    from {{ ref('int_training__user_day') }} as user_days
    where {{ is_near_touched_day('user_days.business_date') }}
),

attempts_completed_in_time as (
    select attempts.*
    from {{ ref('int_training__module_attempts') }} as attempts
    where
        attempts.completed_date < attempts.started_date + {{ days }}
        and {{ is_near_touched_day('attempts.started_date') }}
),

deeds as (
    {% for deed in ['logins', 'attempts_started', 'quizzes_completed', 'upsell_attempt_sessions'] %}
    select
        '{{ deed }}' as deed,
        user_days.*
    from user_days
    where user_days.{{ deed }} > 0
    {{ 'union all' if not loop.last }}
    {% endfor %}
),

deeds_by_level as (
    {{ by_scope_level('deeds') }}
),

attempts_by_level as (
    {{ by_scope_level('attempts_completed_in_time') }}
),

deed_days as (
    select
        scope_level,
        scope_id,
        deed,
        business_date,
        lead(business_date) over (
            partition by scope_level, scope_id, deed, user_id
            order by business_date
        ) as next_date
    from deeds_by_level
    group by scope_level, scope_id, deed, user_id, business_date
),

scopes as (
    select distinct
        scope_level,
        scope_id
    from deeds_by_level
),

changes as (
    {% for name, (deed, length) in people.items() %}
    {% set end = 'business_date + ' ~ length %}
    {% for date, difference in [('business_date', 1), ('least(' ~ end ~ ', coalesce(next_date, ' ~ end ~ '))', -1)] %}
    select
        scope_level,
        scope_id,
        {{ date }} as date,
        '{{ name }}' as counted,
        {{ difference }} as difference
    from deed_days
    where deed = '{{ deed }}'
    union all
    {% endfor %}
    {% endfor %}
    {% for date, difference in [('completed_date', 1), ('started_date + ' ~ days, -1)] %}
    select
        scope_level,
        scope_id,
        {{ date }} as date,
        'window_attempts_completed' as counted,
        {{ difference }} as difference
    from attempts_by_level
    union all
    {% endfor %}
    select
        scopes.scope_level,
        scopes.scope_id,
        dates.date,
        null as counted,
        0 as difference
    from scopes
    cross join dates
),

changes_of_day as (
    select
        scope_level,
        scope_id,
        {%- for name in counts %}
        sum(case when counted = '{{ name }}' then difference else 0 end) as {{ name }},
        {%- endfor %}
        date
    from changes
    group by scope_level, scope_id, date
),

windows as (
    select
        scope_level,
        scope_id,
        {%- for name in counts %}
        cast(sum({{ name }}) over so_far as bigint) as {{ name }},
        {%- endfor %}
        date
    from changes_of_day
    window so_far as (partition by scope_level, scope_id order by date)
)

select
    windows.date,
    windows.scope_level,
    windows.scope_id,
    {{ counts | join(',\n    ') }}
from windows
inner join dates
    on windows.date = dates.date
where {{ people.keys() | join(' + ') }} > 0
