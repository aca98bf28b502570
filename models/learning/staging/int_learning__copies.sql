-- One row per raw record of the area whose id was delivered more than once, as ops shows the copies of all areas.
with duplicate_events as (
    select * from {{ ref('int_learning__duplicate_events') }}
)

select  -- noqa: ST06
    'raw_events' as table_name,
    event_id as record_id,
    _batch_id,
    _line_number,
    is_winner,
    is_conflict
from duplicate_events
