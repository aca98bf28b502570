-- One row per event id: the winner of its copies, that with the earliest instant, then the smallest digest.
with losers as (
    select * from {{ ref('int_product__duplicate_events') }}
    where not is_winner
)

select
    records.id,
    records.event_type,
    records.event_name,
    records.timestamp,
    records._event_date as event_date,
    {{ sent_actor('records') }} as sent_actor,
    records.session_id,
    records.user_id,
    records.properties,
    records.context,
    records.page_url,
    records.referrer,
    records._batch_id,
    records._line_number
from {{ source('product', 'analytics_events') }} as records
left join losers
    on records._batch_id = losers._batch_id and records._line_number = losers._line_number
where
    losers._batch_id is null
    and {{ is_touched('batch', 'records', '_batch_id') }}
