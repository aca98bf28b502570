-- The session logs of the insights contract hold every SalesLab and every quiz session once, as int_training__sessions
-- has it. Days after as_of wait.
{% set common = [
    'user_id', 'date', 'start_time', 'end_time', 'duration_seconds', 'outcome', 'turn_count', 'correct_answers',
    'module_version', 'scenario_version', 'prompt_version', 'region_id', 'country_id', 'branch_id', 'team_id',
] %}
{% set logs = {
    'insights_saleslab_session_logs': ('saleslab', [
        'upsell_attempts', 'interactions', 'persona_ids', 'traits', 'min_difficulty_level', 'max_difficulty_level',
        'upsell_triggered_interactions',
    ], ['upsell_success']),
    'insights_quiz_performance_log': ('quiz', [], ['is_completed', 'is_passed']),
} %}
with sessions as (
    select
        sessions.*,
        sessions.business_date as date,
        sessions.outcome is not null as is_completed,
        coalesce(sessions.outcome = 'success', false) as is_passed
    from {{ tested_rows(ref('int_training__sessions'), 'from_date', 'business_date') }} as sessions
    where sessions.business_date <= {{ as_of_date() }}
),

{% for log, (engine, columns, booleans) in logs.items() %}
expected_{{ engine }} as (
    select
        {{ (common + columns) | join(', ') }},
        {% for column in booleans %}
        cast({{ column }} as text) as {{ column }},
        {% endfor %}
        cast(session_id as text) as session_id
    from sessions
    where canonical_engine = '{{ engine }}'
),

actual_{{ engine }} as (
    select
        actual.{{ (common + columns) | join(', actual.') }},
        {% for column in booleans %}
        cast(actual.{{ column }} as text) as {{ column }},
        {% endfor %}
        cast(actual.session_id as text) as session_id
    from {{ tested_rows(ref(log)) }} as actual
){{ ',' if not loop.last }}

{% endfor %}
{% for log, (engine, columns, booleans) in logs.items() %}
{{ reconciled(
    log, 'expected_' ~ engine, 'actual_' ~ engine, ['session_id'], common + columns + booleans
) }}
{{ 'union all' if not loop.last }}
{% endfor %}
