-- A delta is the state of mastery before and after a piece of evidence, in probabilities of four places; its confidence
-- is 1 less the width of the Beta interval on the scores so far.
with states as (
    select states.*
    from {{ tested_rows(ref('int_learning__mastery_states'), 'sequence_learner', 'partition_date') }} as states
),

expected as (
    select
        learner_id,
        content_type,
        content_id,
        event_id as trigger_event_id,
        event_type as trigger_event_type,
        session_id,
        timestamp,
        partition_date,
        evidence_number as evidence_count,
        1 - 1 / (1 + odds_before) as previous_mastery,
        1 - 1 / (1 + odds) as current_mastery,
        1 / (1 + odds_before) - 1 / (1 + odds) as mastery_delta,
        1 - {{ beta_interval_width(
            '(1 + score_millionths_sum / cast(1000000 as float8))',
            '(1 + scores - score_millionths_sum / cast(1000000 as float8))'
        ) }} as confidence_score
    from states
),

actual as (
    select deltas.* from {{ tested_rows(ref('mastery_deltas'), 'sequence_learner', 'partition_date') }} as deltas
)

{{ reconciled(
    'mastery_deltas', 'expected', 'actual', ['learner_id', 'content_type', 'content_id', 'trigger_event_id'],
    ['trigger_event_type', 'session_id', 'timestamp', 'partition_date', 'evidence_count'],
    {
        'previous_mastery': '0.0000501', 'current_mastery': '0.0000501', 'mastery_delta': '0.0001001',
        'confidence_score': '0.0000501'
    }
) }}
