-- Trials and successes of every scope and version triple, counted from its people's days; the interval is
-- Wilson's as the textbook writes it, around the middle of the rate and a half.
{% set z = '1.959963984540054' %}
{% set levels = scope_levels() %}
{% set versions = ['module_version', 'scenario_version', 'prompt_version'] %}
with user_days as (
    select user_days.* from {{ ref('int_training__user_day') }} as user_days
    -- both marts end at the day that counted as today when they were built
    where user_days.business_date <= (select max(kpis.date) from {{ ref('kpi_training_daily') }} as kpis)
),

by_level as (
    {{ by_scope_level('user_days') }}
),

counted as (
    {{ counted_by_scope('by_level', versions) }}
),

trials as (
    {% for kpi, n, successes in [
        ('module_completion_rate', 'attempts_started', 'attempts_completed'),
        ('quiz_pass_rate', 'quizzes_completed', 'quizzes_passed'),
        ('upsell_success_rate', 'upsell_attempt_sessions', 'upsell_success_sessions'),
    ] %}
    select
        scope_level,
        scope_id,
        '{{ kpi }}' as kpi,
        {{ versions | join(', ') }},
        sum({{ n }}) as n,
        sum({{ successes }}) as successes
    from counted
    group by scope_level, scope_id, {{ versions | join(', ') }}
    having sum({{ n }}) > 0
    {{ 'union all' if not loop.last }}
    {% endfor %}
),

with_rates as (
    select
        *,
        cast(successes as float8) / cast(n as float8) as rate,
        case when n >= {{ var('min_sample') | int }} then 'enough' else 'too few' end as sample_verdict
    from trials
),

with_middles as (
    select
        *,
        (rate + {{ z }} * {{ z }} / (2 * n)) / (1 + {{ z }} * {{ z }} / n) as middle,
        {{ z }} * sqrt(rate * (1 - rate) / n + {{ z }} * {{ z }} / (4.0 * n * n)) / (1 + {{ z }} * {{ z }} / n) as half
    from with_rates
),

expected as (
    select
        *,
        middle - half as wilson_lower,
        middle + half as wilson_upper
    from with_middles
),

actual as (
    select kpis.* from {{ ref('kpi_by_version') }} as kpis
),

last_dates as (
    select
        scope_level,
        scope_id,
        max(business_date) as business_date
    from by_level
    where records > 0
    group by scope_level, scope_id
),

last_places as (
    select
        by_level.scope_level,
        by_level.scope_id,
        {{ for_each(levels, 'min(by_level.{0}_id) as first_{0}_id') }},
        {{ for_each(levels, 'max(by_level.{0}_id) as last_{0}_id') }}
    from by_level
    inner join last_dates
        on
            by_level.scope_level = last_dates.scope_level
            and by_level.scope_id = last_dates.scope_id
            and by_level.business_date = last_dates.business_date
    where by_level.records > 0
    group by by_level.scope_level, by_level.scope_id
)

select
    relation,
    scope_level,
    scope_id,
    kpi,
    finding
from (
    {{ reconciled(
        'kpi_by_version', 'expected', 'actual', ['scope_level', 'scope_id', 'kpi'] + versions,
        ['n', 'successes', 'rate', 'sample_verdict'], {'wilson_lower': '1e-9', 'wilson_upper': '1e-9'}
    ) }}
) as found
union all
select
    'kpi_by_version' as relation,
    actual.scope_level,
    actual.scope_id,
    actual.kpi,
    'it does not stand where its last record was made' as finding
from actual
left join last_places
    on
        actual.scope_level = last_places.scope_level
        and actual.scope_id = last_places.scope_id
where {{ is_misplaced('actual', 'last_places') }}
