-- One row per event_id: the winner of its copies, with the payload in columns. Day and minute are those of UTC.
with types as (
    select * from {{ ref('learning_event_types') }}
),

losers as (
    select * from {{ ref('int_learning__duplicate_events') }}
    where not is_winner
),

records as (
    select records.*
    from {{ source('learning', 'raw_events') }} as records
    left join losers
        on records._batch_id = losers._batch_id and records._line_number = losers._line_number
    where
        losers._batch_id is null
        and {{ is_touched('batch', 'records', '_batch_id') }}
)

select
    {{ learning_event('records', 'types') }}
from records
inner join types on records.event_type = types.event_type
