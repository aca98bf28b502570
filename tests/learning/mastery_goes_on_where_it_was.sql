-- In a sequence, mastery before a piece of evidence is mastery after the piece before it, the count goes up by one, and
-- the first piece begins at the prior of its content type.
with sequences as (
    select
        deltas.*,
        lag(deltas.current_mastery) over (
            partition by deltas.learner_id, deltas.content_type, deltas.content_id
            order by deltas.evidence_count
        ) as mastery_before,
        row_number() over (
            partition by deltas.learner_id, deltas.content_type, deltas.content_id
            order by deltas.timestamp, {{ binary_order('deltas.trigger_event_id') }}
        ) as place
    from {{ ref('mastery_deltas') }} as deltas
),

parameters as (
    select * from {{ ref('learning_mastery_parameters') }}
)

select
    sequences.learner_id,
    sequences.content_type,
    sequences.content_id,
    sequences.evidence_count
from sequences
inner join parameters on sequences.content_type = parameters.content_type
where
    sequences.evidence_count is distinct from sequences.place
    or (sequences.place > 1 and sequences.previous_mastery is distinct from sequences.mastery_before)
    or (sequences.place = 1 and abs(sequences.previous_mastery - parameters.prior) > 0.00005)
    or sequences.mastery_delta is distinct from sequences.current_mastery - sequences.previous_mastery
