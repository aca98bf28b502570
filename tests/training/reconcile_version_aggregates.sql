-- The numbers of every scope and version triple in agg_*_by_version, counted from its people's days, and the share of
-- attempts completed to date, counted from the attempts themselves.
{% set versions = ['module_version', 'scenario_version', 'prompt_version'] %}
{% set measures = [
    'users_seen', 'active_users', 'saleslab_sessions', 'attempts_started', 'attempts_completed', 'quizzes_completed',
    'quizzes_passed', 'quiz_pass_rate', 'upsell_attempt_sessions', 'upsell_success_sessions', 'upsell_success_rate',
] %}
with user_days as (
    select user_days.* from {{ tested_rows(ref('int_training__user_day'), 'from_date', 'business_date') }} as user_days
),

by_level as (
    {{ by_scope_level('user_days') }}
),

counted as (
    {{ counted_by_scope('by_level', versions) }}
),

attempts_by_level as (
    {{ by_scope_level(ref('int_training__module_attempts')) }}
),

-- the days that are tested, and how many attempts began and ended on any day up to the last of them
changes as (
    {% for date, started, completed in [('started_date', 1, 0), ('completed_date', 0, 1)] %}
    select
        {{ date }} as date,
        scope_level,
        scope_id,
        {{ versions | join(', ') }},
        {{ started }} as started,
        {{ completed }} as completed,
        0 as is_tested
    from attempts_by_level
    where {{ date }} is not null
    union all
    {% endfor %}
    select
        date,
        scope_level,
        scope_id,
        {{ versions | join(', ') }},
        0 as started,
        0 as completed,
        1 as is_tested
    from counted
),

to_date as (
    select
        date,
        scope_level,
        scope_id,
        {{ versions | join(', ') }},
        is_tested,
        sum(started) over so_far as started,
        sum(completed) over so_far as completed
    from changes
    window so_far as (partition by scope_level, scope_id, {{ versions | join(', ') }} order by date)
),

rates as (
    select
        *,
        {{ safe_ratio('completed', 'started') }} as module_completion_rate
    from to_date
    where is_tested = 1
),

expected as (
    select
        counted.*,
        rates.module_completion_rate
    from counted
    inner join rates
        on
            counted.date = rates.date
            and counted.scope_level = rates.scope_level
            and counted.scope_id = rates.scope_id
            {%- for version in versions %}
            and coalesce(counted.{{ version }}, chr(31)) = coalesce(rates.{{ version }}, chr(31))
            {%- endfor %}
),

actual as (
    {% for level in scope_levels() %}
    select
        levels.date,
        '{{ level }}' as scope_level,
        levels.{{ level }}_id as scope_id,
        levels.module_completion_rate,
        levels.{{ (versions + measures) | join(', levels.') }}
    from {{ tested_rows(ref('agg_' ~ level ~ '_by_version')) }} as levels
    {{ 'union all' if not loop.last }}
    {% endfor %}
)

{{ reconciled(
    'agg_*_by_version', 'expected', 'actual', ['date', 'scope_level', 'scope_id'] + versions,
    measures + ['module_completion_rate']
) }}
