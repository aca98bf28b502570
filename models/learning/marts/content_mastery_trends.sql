-- One row per content and UTC day with evidence, of the last mastery_trend_days days to as_of.
with content_days as (
    select * from {{ ref('int_learning__content_day') }}
)

select  -- noqa: ST06
    content_id,
    content_type,
    partition_date as mastery_date,
    learners as learners_affected,
    {{ safe_ratio('mastery_delta_sum', 'evidence') }} as avg_mastery_change,
    {{ safe_ratio('current_mastery_sum', 'evidence') }} as avg_current_mastery,
    {{ safe_ratio('confidence_sum', 'evidence') }} as avg_confidence
from content_days
where {{ is_recent('partition_date', 'mastery_trend_days') }}
