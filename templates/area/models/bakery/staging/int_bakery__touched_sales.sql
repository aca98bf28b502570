-- One row per batch, sale and day that the batch can change: the work list of every model after it.
-- A copy of a sale may take the place of another one, so the days of all copies are in it.
with arrivals as (
    select * from {{ source('bakery', 'sale') }} as arrivals
    where {{ is_touched('batch', 'arrivals', '_batch_id') }}
)

select distinct
    arrivals._batch_id as batch_id,
    copies.sale_id,
    copies._event_date as sale_date
from arrivals
inner join {{ source('bakery', 'sale') }} as copies
    on arrivals.sale_id = copies.sale_id and arrivals._batch_id >= copies._batch_id
