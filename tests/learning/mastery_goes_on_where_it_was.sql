-- Along a chain, mastery before a piece of evidence is mastery after the one before it, the count goes up by one, and
-- the first piece finds the prior of its content type.
with chains as (
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
    chains.learner_id,
    chains.content_type,
    chains.content_id,
    chains.evidence_count
from chains
inner join parameters on chains.content_type = parameters.content_type
where
    chains.evidence_count is distinct from chains.place
    or (chains.place > 1 and chains.previous_mastery is distinct from chains.mastery_before)
    or (chains.place = 1 and abs(chains.previous_mastery - parameters.prior) > 0.00005)
    or chains.mastery_delta is distinct from chains.current_mastery - chains.previous_mastery
