-- One row per session or score that no published table can hold, with the reason. When a correction comes, it goes.
-- depends_on: {{ ref('int_learning__touched_sessions') }}
with events as (
    select * from {{ ref('stg_learning__events') }} as events
    where {{ is_touched('session', 'events') }}
),

scores as (
    select
        *,
        {{ json_object([('event_id', json_string('event_id'))]) }} as record_key
    from events
    where
        counts_as in ('assessment_completed', 'lesson_completed')
        and has_score
        and score_millionths is null
),

sessions as (
    select
        learner_id,
        session_id,
        {{ json_object([
            ('learner_id', json_string('learner_id')), ('session_id', json_string('session_id'))
        ]) }} as record_key,
        max(_batch_id) as _batch_id
    from events
    group by learner_id, session_id
    having max(at_microseconds) - min(at_microseconds) > {{ longest_session_microseconds() }}
)

select
    'raw_events' as table_name,
    record_key,
    learner_id,
    session_id,
    'unfit_score' as reason,
    _batch_id
from scores
union all
select
    'session_metrics' as table_name,
    record_key,
    learner_id,
    session_id,
    'session_too_long' as reason,
    _batch_id
from sessions
