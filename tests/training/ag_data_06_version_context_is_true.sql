-- AG-DATA-06: a row of a KPI, a rank or an aggregate wears the version that its numbers were computed from, mixed for
-- several, none for none. Counted a second way: from the spans of days in which each version is behind a number.
{% set versions = ['scenario_version', 'module_version', 'prompt_version'] %}
{% set behind = {
    'aggregate': ['the day', 'attempts so far'],
    'kpi': ['the window', 'attempts so far', 'points so far'],
    'avg_xp_total': ['points so far'],
    'module_completion_rate': ['attempts of the window'],
    'quiz_pass_rate': ['quizzes of the window'],
} %}
with user_days as (
    select * from {{ ref('int_training__user_day') }}
),

user_day_versions as (
    {% for version in versions %}
    select
        *,
        '{{ version }}' as kind,
        {{ version }} as version
    from user_days
    where {{ version }} is not null
    {{ 'union all' if not loop.last }}
    {% endfor %}
),

by_level as (
    {{ by_scope_level('user_day_versions') }}
),

first_points as (
    select
        user_id,
        kind,
        version,
        min(business_date) as first_date
    from user_day_versions
    where xp_earned <> 0
    group by user_id, kind, version
),

user_days_with_points as (
    select
        snapshots.*,
        first_points.kind,
        first_points.version
    from {{ ref('snapshot_daily_user') }} as snapshots
    inner join first_points
        on
            snapshots.user_id = first_points.user_id
            and snapshots.date >= first_points.first_date
),

points_by_level as (
    {{ by_scope_level('user_days_with_points') }}
),

spans as (
    {% for number, condition, length in [
        ('the day', 'records > 0', 1),
        ('the window', 'records > 0', var('rank_window_days') | int),
        ('attempts of the window', 'attempts_started > 0', var('rank_window_days') | int),
        ('quizzes of the window', 'quizzes_completed > 0', var('rank_window_days') | int),
    ] %}
    select distinct
        '{{ number }}' as number,
        scope_level,
        scope_id,
        kind,
        version,
        business_date as first_date,
        business_date + {{ length - 1 }} as last_date
    from by_level
    where {{ condition }}
    union all
    {% endfor %}
    {% for number, relation, date, condition in [
        ('attempts so far', 'by_level', 'business_date', 'attempts_started > 0'),
        ('points so far', 'points_by_level', 'date', 'true'),
    ] %}
    select
        '{{ number }}' as number,
        scope_level,
        scope_id,
        kind,
        version,
        min({{ date }}) as first_date,
        cast('9999-12-31' as date) as last_date
    from {{ relation }}
    where {{ condition }}
    group by scope_level, scope_id, kind, version
    {{ 'union all' if not loop.last }}
    {% endfor %}
),

behind as (
    select
        cast(listed.row_of as text) as row_of,
        cast(listed.number as text) as number
    from (
        values
        {% for row_of, numbers in behind.items() %}
        {% set last_row = loop.last %}
        {% for number in numbers %}
        ('{{ row_of }}', '{{ number }}'){{ ',' if not (last_row and loop.last) }}
        {% endfor %}
        {% endfor %}
    ) as listed (row_of, number)
),

published as (
    {% for level in scope_levels() %}
    select
        'aggregate' as row_of,
        levels.date,
        '{{ level }}' as scope_level,
        levels.{{ level }}_id as scope_id,
        levels.{{ versions | join(',\n        levels.') }}
    from {{ tested_rows(ref('agg_' ~ level)) }} as levels
    union all
    {% endfor %}
    select
        'kpi' as row_of,
        kpis.date,
        kpis.scope_level,
        kpis.scope_id,
        kpis.{{ versions | join(',\n        kpis.') }}
    from {{ tested_rows(ref('kpi_training_daily')) }} as kpis
    union all
    select
        ranks.metric as row_of,
        ranks.date,
        ranks.scope_level,
        ranks.scope_id,
        ranks.{{ versions | join(',\n        ranks.') }}
    from {{ tested_rows(ref('rank_scope')) }} as ranks
),

labels as (
    {% for version in versions %}
    select
        row_of,
        date,
        scope_level,
        scope_id,
        '{{ version }}' as kind,
        {{ version }} as version_label
    from published
    {{ 'union all' if not loop.last }}
    {% endfor %}
)

select
    labels.row_of,
    labels.date,
    labels.scope_level,
    labels.scope_id,
    labels.kind,
    labels.version_label
from labels
inner join behind
    on labels.row_of = behind.row_of
left join spans
    on
        behind.number = spans.number
        and labels.scope_level = spans.scope_level
        and labels.scope_id = spans.scope_id
        and labels.kind = spans.kind
        and labels.date between spans.first_date and spans.last_date
group by labels.row_of, labels.date, labels.scope_level, labels.scope_id, labels.kind, labels.version_label
having
    labels.version_label is distinct from
    case when count(distinct spans.version) > 1 then 'mixed' else max(spans.version) end
