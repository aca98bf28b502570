-- One row per content and UTC day with evidence, in parts that add up.
with deltas as (
    select * from {{ ref('mastery_deltas') }} as deltas
    where {{ is_touched('content_day', 'deltas', 'partition_date') }}
)

select  -- noqa: ST06
    content_type,
    content_id,
    partition_date,
    count(distinct learner_id) as learners,
    count(*) as evidence,
    cast(sum(mastery_delta) as numeric(18, 4)) as mastery_delta_sum,
    cast(sum(current_mastery) as numeric(18, 4)) as current_mastery_sum,
    cast(sum(confidence_score) as numeric(18, 4)) as confidence_sum
from deltas
group by content_type, content_id, partition_date
