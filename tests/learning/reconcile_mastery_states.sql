-- A piece of evidence is an event that speaks of a content; mastery after it is Bayesian Knowledge Tracing in
-- probabilities, as the literature writes it, from the mastery before. What is stored are odds.
with events as (
    select events.* from {{ tested_rows(ref('stg_learning__events'), 'sequence_learner', 'partition_date') }} as events
),

actual as (
    select states.*
    from {{ tested_rows(ref('int_learning__mastery_states'), 'sequence_learner', 'partition_date') }} as states
),

contents as (
    select
        events.*,
        spoken.content_type,
        case spoken.content_type
            when 'assessment' then events.assessment_id
            when 'lesson' then events.lesson_id
            else events.skill_id
        end as content_id
    from events
    cross join (values ('assessment'), ('lesson'), ('skill')) as spoken (content_type)
    where
        (events.counts_as = 'assessment_completed' and spoken.content_type <> 'lesson')
        or (
            events.counts_as = 'lesson_completed'
            and spoken.content_type <> 'assessment'
            and events.score_millionths is not null
        )
),

expected as (
    select contents.* from contents
    where contents.content_id is not null
),

followed as (
    select
        *,
        lag(evidence_number) over sequence_of_evidence as previous_number,
        lag(scores) over sequence_of_evidence as previous_scores,
        lag(score_millionths_sum) over sequence_of_evidence as previous_sum,
        lag(odds) over sequence_of_evidence as previous_odds
    from actual
    window sequence_of_evidence as (partition by learner_id, content_type, content_id order by evidence_number)
),

-- what came before the first row of a sequence is nothing, where it is the first at all
steps as (
    select
        followed.*,
        tracing.learn,
        tracing.slip,
        tracing.guess,
        coalesce(followed.previous_number, case when followed.evidence_number = 1 then 0 end) as number_before,
        coalesce(followed.previous_scores, case when followed.evidence_number = 1 then 0 end) as scores_before,
        coalesce(followed.previous_sum, case when followed.evidence_number = 1 then 0 end) as sum_before,
        coalesce(
            followed.previous_odds / (1 + followed.previous_odds),
            case when followed.evidence_number = 1 then tracing.prior end
        ) as mastery_before,
        followed.odds_before / (1 + followed.odds_before) as mastery,
        followed.odds / (1 + followed.odds) as mastery_after,
        followed.score_millionths / cast(1000000 as float8) as fraction
    from followed
    inner join {{ ref('learning_mastery_parameters') }} as tracing
        on followed.content_type = tracing.content_type
),

traced as (
    select
        *,
        case
            when fraction is null then mastery
            else
                mastery * (fraction * (1 - slip) + (1 - fraction) * slip)
                / (
                    mastery * (fraction * (1 - slip) + (1 - fraction) * slip)
                    + (1 - mastery) * (fraction * guess + (1 - fraction) * (1 - guess))
                )
        end as posterior
    from steps
)

select
    relation,
    learner_id,
    content_type,
    content_id,
    finding
from (
    {{ reconciled(
        'int_learning__mastery_states', 'expected', 'actual', ['learner_id', 'content_type', 'content_id', 'event_id'],
        ['event_type', 'session_id', 'timestamp', 'partition_date', 'score_millionths']
    ) }}
) as found
union all
select
    'int_learning__mastery_states' as relation,
    learner_id,
    content_type,
    content_id,
    'it does not go on from the piece of evidence before it' as finding
from traced
where
    evidence_number is null
    or scores is null
    or score_millionths_sum is null
    or mastery is null
    or mastery_after is null
    or evidence_number <> number_before + 1
    or scores <> scores_before + case when fraction is null then 0 else 1 end
    or score_millionths_sum <> sum_before + coalesce(score_millionths, 0)
    or abs(mastery - mastery_before) > 1e-9
    or abs(mastery_after - (posterior + (1 - posterior) * learn)) > 1e-9
