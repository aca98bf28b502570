-- One row per batch and kind: how many of its records stand in raw and in staging.
with counts as (
    {{ counted_by_batch('raw', source('bakery', 'sale')) }}
    union all
    {{ counted_by_batch('staged', ref('stg_bakery__sale')) }}
)

select
    batch_id,
    kind,
    records
from counts
