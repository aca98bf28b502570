-- One row per metric value id: the winner of its copies, that with the earliest instant, then the smallest digest.
with records as (
    select
        records.*,
        {{ record_digest('metrics', 'records') }} as digest
    from {{ source('product', 'metrics') }} as records
    where {{ is_touched('metric_copy', 'records') }}
),

ranked as (
    select
        *,
        row_number() over (partition by id order by timestamp, digest, _batch_id, _line_number) as preference
    from records
)

select
    id,
    name,
    metric_type,
    value,
    timestamp,
    _event_date as metric_date,
    tags,
    unit,
    _batch_id,
    _line_number
from ranked
where preference = 1
