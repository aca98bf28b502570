-- The sales of a day and product are those that staging holds, counted a second way.
with expected as (
    select distinct  -- noqa: ST06
        sales.sale_date as date,
        sales.product,
        count(*) over (partition by sales.sale_date, sales.product) as sales,
        cast(sum(sales.pieces) over (partition by sales.sale_date, sales.product) as bigint) as pieces
    from {{ tested_rows(ref('stg_bakery__sale'), 'day', 'sale_date') }} as sales
),

actual as (
    select days.* from {{ tested_rows(ref('sales_by_day')) }} as days
)

{{ reconciled('sales_by_day', 'expected', 'actual', ['date', 'product'], ['sales', 'pieces']) }}
