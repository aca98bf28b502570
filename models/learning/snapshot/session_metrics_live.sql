-- One row per session that began in the last activity_days days, as of now. Rows come from the table; that of a
-- session with events that are loaded and not yet built is computed with these. is_active is decided when read.
{%- set today = 'cast(' ~ reading_time() ~ ' as date)' %}
with waiting as (
    {{ waiting_sessions('session_metrics') }}
),

events as (
    select events.*
    from {{ ref('int_learning__live_events') }} as events
    inner join waiting on events.learner_id = waiting.learner_id and events.session_id = waiting.session_id
),

sessions as (
    {{ session_metrics_of('events') }}
),

table_rows as (
    select kept.*
    from {{ ref('session_metrics') }} as kept
    left join waiting on kept.learner_id = waiting.learner_id and kept.session_id = waiting.session_id
    where
        waiting.session_id is null
        and {{ is_recent('kept.partition_date', 'activity_days', today) }}
)

{% set columns = [
    'session_id', 'learner_id', 'session_start', 'session_end', 'duration_seconds', 'total_events', 'unique_pages',
    'total_interactions', 'lessons_attempted', 'lessons_completed', 'assessments_attempted', 'assessments_completed',
    'avg_assessment_score', 'completion_rate'
] -%}
select
    {%- for column in columns %}
    {{ column }},
    {%- endfor %}
    {{ is_active_at('last_activity', reading_time()) }} as is_active,
    last_activity,
    created_at,
    updated_at,
    partition_date
from table_rows
union all
select
    {%- for column in columns %}
    {{ column }},
    {%- endfor %}
    {{ is_active_at('session_end', reading_time()) }} as is_active,
    session_end as last_activity,
    {{ reading_time() }} as created_at,
    {{ reading_time() }} as updated_at,
    partition_date
from sessions
where {{ is_recent('partition_date', 'activity_days', today) }}
