-- One row per UTC day and product that was sold on it.
with sales as (
    select * from {{ ref('stg_bakery__sale') }} as sales
    where {{ is_touched('day', 'sales', 'sale_date') }}
)

select  -- noqa: ST06
    sale_date as date,
    product,
    count(*) as sales,
    cast(sum(pieces) as bigint) as pieces
from sales
group by sale_date, product
