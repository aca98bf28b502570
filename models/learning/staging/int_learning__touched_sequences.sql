-- One row per batch and piece of evidence that comes, goes or moves with it: from there on a mastery sequence is
-- computed again. A loser of its copies is named too: it may have counted before.
with types as (
    select * from {{ ref('learning_event_types') }}
),

records as (
    select * from {{ source('learning', 'raw_events') }} as records
    where {{ is_touched('batch', 'records', '_batch_id') }}
),

arrivals as (
    select {{ learning_event('records', 'types') }}
    from records
    inner join types on records.event_type = types.event_type
    where types.counts_as in ('assessment_completed', 'lesson_completed')
),

repeated as (
    select * from {{ ref('int_learning__duplicate_events') }}
),

positions as (
    select
        _batch_id as cause,
        learner_id,
        counts_as,
        timestamp,
        assessment_id,
        lesson_id,
        skill_id
    from arrivals
    union all
    select
        arrived._batch_id as cause,
        copies.learner_id,
        copies.counts_as,
        copies.timestamp,
        copies.assessment_id,
        copies.lesson_id,
        copies.skill_id
    from repeated as arrived
    inner join repeated as copies
        on arrived.event_id = copies.event_id and arrived._batch_id >= copies._batch_id
    where {{ is_touched('batch', 'arrived', '_batch_id') }}
),

evidence as (
    {{ evidence_of('positions') }}
)

select distinct
    cause as batch_id,
    learner_id,
    content_type,
    content_id,
    timestamp as touched_at,
    cast(timestamp as date) as touched_date
from evidence
