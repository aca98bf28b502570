-- One row per raw record of the area whose id was delivered more than once, as ops shows the copies of all areas.
with duplicate_records as (
    select * from {{ ref('int_training__duplicate_records') }}
)

select
    record_table as table_name,
    cast(record_id as text) as record_id,
    _batch_id,
    _line_number,
    is_winner,
    is_conflict
from duplicate_records
