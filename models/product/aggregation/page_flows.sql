-- One row per UTC day, page and page after it: how often sessions went from the one to the other.
with steps as (
    select * from {{ ref('int_product__page_steps') }} as steps
    where {{ is_touched('product_date', 'steps', 'event_date') }}
)

select
    event_date as date,
    from_page,
    to_page,
    cast(sum(transitions) as bigint) as transitions,
    count(*) as sessions
from steps
group by event_date, from_page, to_page
