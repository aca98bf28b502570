-- The parts of the insights contract that have a row a user and day: what the snapshot says, what the day's SalesLab
-- sessions come to, which versions its hours had, and where the user stood before. Days after as_of wait.
{% set scope = ['region_id', 'country_id', 'branch_id', 'team_id'] %}
{% set versions = ['module_version', 'scenario_version', 'prompt_version'] %}
{% set parts = {
    'insights_user_performance_snapshot': (['user_id', 'date'], [
        'module_completed', 'quiz_completed', 'saleslab_sessions', 'xp_total', 'badges_owned',
    ] + versions + scope, []),
    'insights_upsell_metrics': (['user_id', 'date'] + versions + scope, [
        'saleslab_sessions', 'upsell_attempt_sessions', 'upsell_success_sessions', 'upsell_success_rate',
    ], []),
    'insights_version_context': (['user_id', 'date'], versions + scope + [
        'module_versions', 'scenario_versions', 'prompt_versions', 'latest_module_version', 'latest_scenario_version',
        'latest_prompt_version',
    ], []),
    'insights_scope_context': (['user_id', 'date'], versions + scope + [
        'previous_region_id', 'previous_country_id', 'previous_branch_id', 'previous_team_id',
    ], ['has_moved']),
} %}
with snapshots as (
    select snapshots.*
    from {{ tested_rows(ref('snapshot_daily_user'), 'from_date', 'date') }} as snapshots
    where snapshots.date <= {{ as_of_date() }}
),

history as (
    select
        user_id,
        date,
        {{ for_each(scope, 'lag({0}) over (partition by user_id order by date) as {0}_before') }}
    from {{ ref('snapshot_daily_user') }}
    where user_id in (select snapshots.user_id from snapshots)
),

version_values as (
    {% for version in versions %}
    select distinct
        user_hours.user_id,
        user_hours.business_date as date,
        '{{ version }}' as kind,
        user_hours.{{ version }} as version
    from {{ tested_rows(ref('int_training__user_hour'), 'from_date', 'business_date') }} as user_hours
    where user_hours.records > 0 and user_hours.{{ version }} is not null
    {{ 'union all' if not loop.last }}
    {% endfor %}
),

versions_of_day as (
    select
        user_id,
        date,
        {% for version in versions %}
        case
            when count(case when kind = '{{ version }}' then 1 end) <= 1
                then min(case when kind = '{{ version }}' then version end)
            else 'mixed'
        end as {{ version }},
        {% endfor %}
        {{ for_each(versions, sorted_distinct_texts("case when kind = '{0}' then version end") ~ ' as {0}s') }}
    from version_values
    group by user_id, date
),

expected_insights_user_performance_snapshot as (
    select
        snapshots.*,
        {{ for_each(versions, 'snapshots.latest_{0} as {0}') }}
    from snapshots
),

sessions as (
    select sessions.*
    from {{ tested_rows(ref('stg_training__session_log'), 'from_date', 'business_date') }} as sessions
    where sessions.canonical_engine = 'saleslab' and sessions.business_date <= {{ as_of_date() }}
),

expected_insights_upsell_metrics as (
    select
        user_id,
        business_date as date,
        {{ (versions + scope) | join(', ') }},
        count(*) as saleslab_sessions,
        count(case when upsell_attempts > 0 then 1 end) as upsell_attempt_sessions,
        count(case when upsell_attempts > 0 and upsell_success then 1 end) as upsell_success_sessions,
        {{ safe_ratio(
            'count(case when upsell_attempts > 0 and upsell_success then 1 end)',
            'count(case when upsell_attempts > 0 then 1 end)'
        ) }} as upsell_success_rate
    from sessions
    group by user_id, business_date, {{ (versions + scope) | join(', ') }}
),

expected_insights_version_context as (
    select
        snapshots.*,
        {{ for_each(versions, 'versions_of_day.{0}') }},
        {{ for_each(versions, 'coalesce(versions_of_day.{0}s, ' ~ empty_text_array() ~ ') as {0}s') }}
    from snapshots
    left join versions_of_day on snapshots.user_id = versions_of_day.user_id and snapshots.date = versions_of_day.date
),

places as (
    select
        contexts.*,
        {{ for_each(scope, 'history.{0}_before') }},
        coalesce({{ for_each(scope, 'contexts.{0} <> history.{0}_before', ' or ') }}, false) as is_moved
    from expected_insights_version_context as contexts
    inner join history on contexts.user_id = history.user_id and contexts.date = history.date
),

expected_insights_scope_context as (
    select
        places.*,
        cast(places.is_moved as text) as has_moved,
        {{ for_each(scope, 'case when places.is_moved then places.{0}_before end as previous_{0}') }}
    from places
){% for part, (key, columns, booleans) in parts.items() %},

actual_{{ part }} as (
    select
        {% for column in booleans %}
        cast(actual.{{ column }} as text) as {{ column }},
        {% endfor %}
        actual.{{ (key + columns) | join(', actual.') }}
    from {{ tested_rows(ref(part)) }} as actual
){% endfor %}

{% for part, (key, columns, booleans) in parts.items() %}
select
    relation,
    user_id,
    date,
    finding
from (
    {{ reconciled(part, 'expected_' ~ part, 'actual_' ~ part, key, columns + booleans) }}
) as found
{{ 'union all' if not loop.last }}
{% endfor %}
