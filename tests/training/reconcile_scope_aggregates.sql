-- The day's numbers of every scope in agg_*, counted from its people's days; a scope has a row on each day on which
-- somebody left a record there, and no other. The completion rate, a state, is held to kpi_training_daily elsewhere.
{% set measures = ['active_users', 'total_sales_lab_sessions', 'quiz_pass_rate', 'avg_upsell_success_rate'] %}
with user_days as (
    select user_days.* from {{ tested_rows(ref('int_training__user_day'), 'from_date', 'business_date') }} as user_days
),

by_level as (
    {{ by_scope_level('user_days') }}
),

counted as (
    {{ counted_by_scope('by_level') }}
),

expected as (
    select
        date,
        scope_level,
        scope_id,
        active_users,
        saleslab_sessions as total_sales_lab_sessions,
        quiz_pass_rate,
        upsell_success_rate as avg_upsell_success_rate
    from counted
    where records > 0
),

actual as (
    {% for level in scope_levels() %}
    select
        levels.date,
        '{{ level }}' as scope_level,
        levels.{{ level }}_id as scope_id,
        levels.{{ measures | join(', levels.') }}
    from {{ tested_rows(ref('agg_' ~ level)) }} as levels
    {{ 'union all' if not loop.last }}
    {% endfor %}
)

{{ reconciled('agg_*', 'expected', 'actual', ['date', 'scope_level', 'scope_id'], measures) }}
