-- One row per piece of evidence and content: the odds of mastery before and after it, in full precision.
-- A run begins at the state before the first touched piece; odds make a step of knowledge tracing one multiplication.
-- depends_on: {{ ref('int_learning__touched_sequences') }}
with recursive events as (
    select events.*
    from {{ ref('stg_learning__events') }} as events
    where
        events.counts_as in ('assessment_completed', 'lesson_completed')
        and (events.counts_as = 'assessment_completed' or events.score_millionths is not null)
        and {{ is_touched('sequence_learner', 'events', 'partition_date') }}
),

parameters as (
    select * from {{ ref('learning_mastery_parameters') }}
),

all_evidence as (
    {{ evidence_of('events') }}
),

evidence as (
    select all_evidence.*
    from all_evidence
    where {{ is_touched('sequence_from', 'all_evidence', 'timestamp') }}
),

beginnings as (
    {{ sequence_beginnings('evidence', 'parameters') }}
),

numbered as (
    select
        evidence.learner_id,
        evidence.content_type,
        evidence.content_id,
        evidence.event_id,
        evidence.event_type,
        evidence.session_id,
        evidence.timestamp,
        evidence.partition_date,
        evidence.score_millionths,
        beginnings.evidence_number + row_number() over sequence_so_far as evidence_number,
        beginnings.scores + count(evidence.score_millionths) over sequence_so_far as scores,
        cast(
            beginnings.score_millionths_sum + coalesce(sum(evidence.score_millionths) over sequence_so_far, 0) as bigint
        ) as score_millionths_sum,
        -- how much likelier the score is for who has mastered the content; a completion without a score says nothing
        coalesce(
            {{ likelihood('evidence.score_millionths', '1 - parameters.slip', 'parameters.slip') }}
            / {{ likelihood('evidence.score_millionths', 'parameters.guess', '1 - parameters.guess') }},
            1
        ) as likelihood_ratio,
        parameters.learn
    from evidence
    inner join parameters on evidence.content_type = parameters.content_type
    inner join beginnings
        on
            evidence.learner_id = beginnings.learner_id
            and evidence.content_type = beginnings.content_type
            and evidence.content_id = beginnings.content_id
    window sequence_so_far as (
        partition by evidence.learner_id, evidence.content_type, evidence.content_id
        order by evidence.timestamp, {{ binary_order('evidence.event_id') }}
        rows between unbounded preceding and current row
    )
),

steps as (
    select
        learner_id,
        content_type,
        content_id,
        evidence_number,
        odds as odds_before,
        odds
    from beginnings
    union all
    select
        steps.learner_id,
        steps.content_type,
        steps.content_id,
        numbered.evidence_number,
        steps.odds as odds_before,
        least((steps.odds * numbered.likelihood_ratio + numbered.learn) / (1 - numbered.learn), 1e300) as odds
    from steps
    inner join numbered
        on
            steps.learner_id = numbered.learner_id
            and steps.content_type = numbered.content_type
            and steps.content_id = numbered.content_id
            and steps.evidence_number + 1 = numbered.evidence_number
)

select
    numbered.learner_id,
    numbered.content_type,
    numbered.content_id,
    numbered.evidence_number,
    numbered.event_id,
    numbered.event_type,
    numbered.session_id,
    numbered.timestamp,
    numbered.score_millionths,
    numbered.scores,
    numbered.score_millionths_sum,
    steps.odds_before,
    steps.odds,
    numbered.partition_date
from numbered
inner join steps
    on
        numbered.learner_id = steps.learner_id
        and numbered.content_type = steps.content_type
        and numbered.content_id = steps.content_id
        and numbered.evidence_number = steps.evidence_number
