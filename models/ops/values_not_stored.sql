-- One row per raw table, column, key and reason: how many values of loaded records the door did not store as they came.
with dropped_keys as (
    select * from {{ source('ops', 'dropped_keys') }}
)

select
    area,
    table_name,
    column_name,
    key,
    reason,
    cast(sum(records) as bigint) as records,
    count(distinct batch_id) as batches,
    max(batch_id) as last_batch_id
from dropped_keys
group by
    area,
    table_name,
    column_name,
    key,
    reason
