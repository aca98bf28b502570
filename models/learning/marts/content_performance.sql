-- One row per content that was started, completed or trained in the last activity_days days to as_of.
with activity as (
    select
        content_type,
        content_id,
        cast(sum(starts) as bigint) as starts,
        cast(sum(completions) as bigint) as completions,
        cast(sum(scores) as bigint) as scores,
        cast(sum(score_millionths_sum) as bigint) as score_millionths_sum,
        count(distinct learner_id) as learners
    from {{ ref('int_learning__session_content') }}
    where {{ is_recent('partition_date', 'activity_days') }}
    group by content_type, content_id
),

mastery as (
    select
        content_type,
        content_id,
        cast(sum(evidence) as bigint) as evidence,
        sum(mastery_delta_sum) as mastery_delta_sum
    from {{ ref('int_learning__content_day') }}
    where {{ is_recent('partition_date', 'activity_days') }}
    group by content_type, content_id
)

select
    coalesce(activity.content_id, mastery.content_id) as content_id,
    coalesce(activity.content_type, mastery.content_type) as content_type,
    coalesce(activity.learners, 0) as learners,
    coalesce(activity.starts, 0) as starts,
    coalesce(activity.completions, 0) as completions,
    {{ safe_ratio('activity.completions', 'activity.starts') }} as completions_per_start,
    coalesce(activity.scores, 0) as scores,
    {{ safe_ratio('activity.score_millionths_sum', 'activity.scores * 10000') }} as avg_score,
    coalesce(mastery.evidence, 0) as evidence,
    {{ safe_ratio('mastery.mastery_delta_sum', 'mastery.evidence') }} as avg_mastery_change
from activity
full outer join mastery
    on activity.content_type = mastery.content_type and activity.content_id = mastery.content_id
