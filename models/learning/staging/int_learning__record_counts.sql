-- One row per batch and kind: how many of its records stand in raw and in staging.
with counts as (
    {{ counted_by_batch('raw', source('learning', 'raw_events')) }}
    union all
    {{ counted_by_batch('staged', ref('stg_learning__events')) }}
)

select
    batch_id,
    kind,
    records
from counts
