-- One row per record or combination of records that was accepted and that no published table can hold, with the reason.
with learning as (
    select * from {{ ref('int_learning__unpublished') }}
)

select
    'learning' as area,
    table_name,
    record_key,
    reason,
    _batch_id as batch_id
from learning
