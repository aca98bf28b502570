-- One row per record or combination of records that was accepted and that no published table can hold, with the reason.
with left_out as (
    {{ records_left_out() }}
)

select
    area,
    table_name,
    record_key,
    reason,
    _batch_id as batch_id
from left_out
