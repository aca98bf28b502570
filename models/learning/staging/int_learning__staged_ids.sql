-- One row per id that staging has taken in, with the batch that brought the record that counts.
with events as (
    select * from {{ ref('stg_learning__events') }}
)

select  -- noqa: ST06
    'raw_events' as table_name,
    event_id as record_id,
    _batch_id as batch_id
from events
