-- What kpi_training_daily says of the days up to each day: the different people with a deed in the scope on one of
-- those days, and what they did, counted anew for every day. Of attempts that began in the window those count as
-- completed that were by that day.
{% set days = var('rank_window_days') | int %}
{% set longest = longest_window_days() %}
{% set people = {
    'active_users_7d': ('logins', 7),
    'active_users_28d': ('logins', 28),
    'window_attempt_users': ('attempts_started', days),
    'window_quiz_users': ('quizzes_completed', days),
    'window_upsell_users': ('upsell_attempt_sessions', days),
} %}
{% set sums = [
    'attempts_started', 'quizzes_completed', 'quizzes_passed', 'upsell_attempt_sessions', 'upsell_success_sessions',
] %}
{% set in_window = 'days.business_date > ' ~ add_days('tested.date', -days) %}
with tested as (
    select kpis.* from {{ tested_rows(ref('kpi_training_daily')) }} as kpis
),

user_days as (
    select user_days.*
    from {{ ref('int_training__user_day') }} as user_days
    where user_days.business_date > (select {{ add_days('min(tested.date)', -longest) }} from tested)
),

days_by_level as (
    {{ by_scope_level('user_days') }}
),

attempts as (
    select attempts.*
    from {{ ref('int_training__module_attempts') }} as attempts
    where
        attempts.started_date > (select {{ add_days('min(tested.date)', -longest) }} from tested)
        and attempts.completed_date is not null
),

attempts_by_level as (
    {{ by_scope_level('attempts') }}
),

counted as (
    select
        tested.date,
        tested.scope_level,
        tested.scope_id,
        {% for name, (deed, length) in people.items() %}
        count(
            distinct case
                when days.{{ deed }} > 0 and days.business_date > {{ add_days('tested.date', -length) }}
                    then days.user_id
            end
        ) as {{ name }},
        {% endfor %}
        {{ for_each(sums, 'coalesce(sum(case when ' ~ in_window ~ ' then days.{0} end), 0) as window_{0}') }}
    from tested
    left join days_by_level as days
        on
            tested.scope_level = days.scope_level
            and tested.scope_id = days.scope_id
            and tested.date >= days.business_date
            and {{ add_days('tested.date', -longest) }} < days.business_date
    group by tested.date, tested.scope_level, tested.scope_id
),

completed as (
    select
        tested.date,
        tested.scope_level,
        tested.scope_id,
        count(*) as window_attempts_completed
    from tested
    inner join attempts_by_level as attempts
        on
            tested.scope_level = attempts.scope_level
            and tested.scope_id = attempts.scope_id
            and tested.date >= attempts.completed_date
            and {{ add_days('tested.date', -days) }} < attempts.started_date
    group by tested.date, tested.scope_level, tested.scope_id
),

with_completed as (
    select
        counted.*,
        coalesce(completed.window_attempts_completed, 0) as window_attempts_completed
    from counted
    left join completed
        on
            counted.date = completed.date
            and counted.scope_level = completed.scope_level
            and counted.scope_id = completed.scope_id
),

expected as (
    select
        *,
        {{ safe_ratio('window_attempts_completed', 'window_attempts_started') }} as window_completion_rate,
        {{ safe_ratio('window_quizzes_passed', 'window_quizzes_completed') }} as window_quiz_pass_rate,
        {{ safe_ratio('window_upsell_success_sessions', 'window_upsell_attempt_sessions') }}
            as window_upsell_success_rate
    from with_completed
)

{{ reconciled(
    'kpi_training_daily', 'expected', 'tested', ['date', 'scope_level', 'scope_id'],
    people.keys() | list + [
        'window_attempts_started', 'window_quizzes_completed', 'window_quizzes_passed',
        'window_upsell_attempt_sessions', 'window_upsell_success_sessions', 'window_attempts_completed',
        'window_completion_rate', 'window_quiz_pass_rate', 'window_upsell_success_rate'
    ]
) }}
