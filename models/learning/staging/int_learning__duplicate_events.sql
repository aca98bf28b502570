-- One row per raw event whose id was delivered more than once. The winner is chosen by content, never by arrival.
-- Between two persons the digest of the key decides: pseudonyms differ from warehouse to warehouse.
with types as (
    select * from {{ ref('learning_event_types') }}
),

subjects as (
    select * from {{ source('ops', 'subjects') }}
),

duplicate_ids as (
    select copies.event_id
    from {{ source('learning', 'raw_events') }} as copies
    {%- if is_incremental() %}
    where {{ is_touched('event_copy', 'copies') }}
    {%- endif %}
    group by copies.event_id
    having count(*) > 1
),

copies as (
    select
        {{ learning_event('records', 'types') }},
        {{ record_digest('raw_events', 'records') }} as digest,
        {{ binary_order('subjects.key_digest') }} as subject_digest
    from {{ source('learning', 'raw_events') }} as records
    inner join duplicate_ids on records.event_id = duplicate_ids.event_id
    inner join types on records.event_type = types.event_type
    left join subjects on records.learner_id = subjects.pseudonym
),

ranked as (
    select
        *,
        row_number() over (
            partition by event_id
            order by timestamp, digest, subject_digest, _batch_id, _line_number
        ) as preference,
        first_value(digest || learner_id) over (
            partition by event_id
            order by timestamp, digest, subject_digest, _batch_id, _line_number
        ) as winning_content
    from copies
)

select
    event_id,
    learner_id,
    session_id,
    counts_as,
    timestamp,
    lesson_id,
    assessment_id,
    skill_id,
    _batch_id,
    _line_number,
    preference = 1 as is_winner,
    digest || learner_id <> winning_content as is_conflict
from ranked
