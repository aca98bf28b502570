-- A session is what its events say, each number counted by itself. Those that are active ended within one stretch of
-- session_active_minutes, and no other session ended in it: which clock said so need not be known.
{% set counts = {
    'total_interactions': 'interaction',
    'lessons_attempted': 'lesson_started',
    'lessons_completed': 'lesson_completed',
    'assessments_attempted': 'assessment_started',
    'assessments_completed': 'assessment_completed',
} %}
with events as (
    select events.* from {{ tested_rows(ref('stg_learning__events'), 'session', 'session_id') }} as events
),

contents as (
    select distinct
        learner_id,
        session_id,
        counts_as,
        substr(counts_as, 1, 6) as kind,
        coalesce(case when counts_as like 'lesson%' then lesson_id else assessment_id end, chr(31)) as content_id
    from events
    where counts_as like 'lesson%' or counts_as like 'assessment%'
),

completions as (
    select
        started.learner_id,
        started.session_id,
        count(completed.content_id) / cast(count(*) as float8) as completion_rate
    from contents as started
    left join contents as completed
        on
            started.learner_id = completed.learner_id
            and started.session_id = completed.session_id
            and started.kind = completed.kind
            and started.content_id = completed.content_id
            and completed.counts_as like '%completed'
    where started.counts_as like '%started'
    group by started.learner_id, started.session_id
),

counted as (
    select
        learner_id,
        session_id,
        min(timestamp) as session_start,
        max(timestamp) as session_end,
        count(*) as total_events,
        count(distinct case when counts_as = 'page_view' then page end) as unique_pages,
        {% for name, kind in counts.items() %}
        sum(case when counts_as = '{{ kind }}' then 1 else 0 end) as {{ name }},
        {% endfor %}
        avg(case when counts_as = 'assessment_completed' then score_millionths / cast(10000 as float8) end)
            as avg_assessment_score
    from events
    group by learner_id, session_id
),

expected as (
    select
        counted.*,
        counted.session_end as last_activity,
        {{ seconds_between('counted.session_start', 'counted.session_end') }} as duration_seconds,
        cast(counted.session_start as date) as partition_date,
        completions.completion_rate
    from counted
    left join completions
        on counted.learner_id = completions.learner_id and counted.session_id = completions.session_id
),

publishable as (
    select expected.*
    from expected
    where expected.duration_seconds < 99999999.995
),

actual as (
    select sessions.* from {{ tested_rows(ref('session_metrics'), 'session', 'session_id') }} as sessions
),

active as (
    select
        min(last_activity) as first_end,
        max(last_activity) as last_end
    from actual
    where is_active
)

select
    relation,
    learner_id,
    session_id,
    finding
from (
    {{ reconciled(
        'session_metrics', 'publishable', 'actual', ['learner_id', 'session_id'],
        ['session_start', 'session_end', 'last_activity', 'total_events', 'unique_pages', 'partition_date']
        + counts.keys() | list,
        {'duration_seconds': '0.005001', 'avg_assessment_score': '0.005001', 'completion_rate': '0.00005001'}
    ) }}
) as found
union all
select
    'session_metrics' as relation,
    actual.learner_id,
    actual.session_id,
    'is_active' as finding
from actual
left join active on actual.last_activity between active.first_end and active.last_end
where
    actual.is_active is null
    or actual.is_active is distinct from (active.first_end is not null)
    or active.last_end - active.first_end >= {{ var('session_active_minutes') | int }} * interval '1 minute'
