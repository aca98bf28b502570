-- One row per piece of evidence and content: what the learner's mastery was before it and is after it.
with states as (
    select * from {{ ref('int_learning__mastery_states') }} as states
    where {{ is_touched('sequence_from', 'states', 'timestamp') }}
),

measured as (
    select
        states.*,
        {{ fixed_decimal('states.odds_before / (1 + states.odds_before)', 5, 4) }} as previous_mastery,
        {{ fixed_decimal('states.odds / (1 + states.odds)', 5, 4) }} as current_mastery,
        1 + states.score_millionths_sum / cast(1000000 as float8) as right_answers,
        1 + (states.scores * 1000000 - states.score_millionths_sum) / cast(1000000 as float8) as wrong_answers
    from states
)

select  -- noqa: ST06
    learner_id,
    content_id,
    content_type,
    previous_mastery,
    current_mastery,
    cast(current_mastery - previous_mastery as numeric(5, 4)) as mastery_delta,
    event_id as trigger_event_id,
    event_type as trigger_event_type,
    session_id,
    {{ fixed_decimal('1 - ' ~ beta_interval_width('right_answers', 'wrong_answers'), 5, 4) }} as confidence_score,
    cast(evidence_number as numeric(10, 0)) as evidence_count,
    timestamp,
    {{ run_instant() }} as created_at,
    partition_date
from measured
order by partition_date, learner_id
