-- What stands in a live view about a session that is built, and to which nothing has come since, is what the table
-- says, each row once. What waits to be built is counted by live_views_have_no_gap_and_no_overlap.
{% set today = 'cast(' ~ reading_time() ~ ' as date)' -%}
{% set views = {
    'minute_metrics_live': ('minute_metrics', ['learner_id', 'session_id', 'minute_timestamp'], [
        'total_events', 'page_views', 'interactions', 'assessments_started', 'assessments_completed',
        'lessons_started', 'lessons_completed', 'errors', 'time_spent_seconds', 'partition_date',
    ]),
    'session_metrics_live': ('session_metrics', ['learner_id', 'session_id'], [
        'session_start', 'session_end', 'duration_seconds', 'total_events', 'unique_pages', 'total_interactions',
        'lessons_attempted', 'lessons_completed', 'assessments_attempted', 'assessments_completed',
        'avg_assessment_score', 'completion_rate', 'last_activity', 'partition_date',
    ]),
} %}
with
{% for view, (table, key, columns) in views.items() %}
waiting_{{ table }} as (
    {{ waiting_sessions(table) }}
),

rows_{{ table }} as (
    select built.*
    from {{ ref(table) }} as built
    left join waiting_{{ table }} as waiting
        on built.learner_id = waiting.learner_id and built.session_id = waiting.session_id
    where waiting.session_id is null and {{ is_recent('built.partition_date', 'activity_days', today) }}
),

rows_{{ view }} as (
    select shown.*
    from {{ ref(view) }} as shown
    left join waiting_{{ table }} as waiting
        on shown.learner_id = waiting.learner_id and shown.session_id = waiting.session_id
    where waiting.session_id is null
){{ ',' if not loop.last }}

{% endfor %}
{% for view, (table, key, columns) in views.items() %}
select
    relation,
    learner_id,
    session_id,
    finding
from (
    {{ reconciled(view, 'rows_' ~ table, 'rows_' ~ view, key, columns) }}
) as found
union all
{% endfor %}
select
    'session_metrics_live' as relation,
    learner_id,
    session_id,
    'is_active' as finding
from {{ ref('session_metrics_live') }}
where is_active is distinct from {{ is_active_at('last_activity', reading_time()) }}
