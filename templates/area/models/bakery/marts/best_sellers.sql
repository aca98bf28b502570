-- One row per UTC day and product that was sold on it, up to as_of; the first rank sold most pieces.
with sales as (
    select * from {{ ref('sales_by_day') }}
    where date <= {{ as_of_date() }}
)

select
    date,
    product,
    pieces,
    rank() over (partition by date order by pieces desc) as rank
from sales
