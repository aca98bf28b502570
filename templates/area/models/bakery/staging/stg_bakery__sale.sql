-- One row per sale_id: the winner of its copies. Content decides, never arrival: the order of files does not matter.
-- depends_on: {{ ref('int_bakery__touched_sales') }}
with records as (
    select
        records.*,
        {{ record_digest('sale', 'records') }} as digest
    from {{ source('bakery', 'sale') }} as records
    where {{ is_touched('sale', 'records') }}
),

ranked as (
    select
        *,
        row_number() over (partition by sale_id order by sold_at, digest, _batch_id, _line_number) as preference
    from records
)

select
    sale_id,
    sold_at,
    _event_date as sale_date,
    product,
    pieces,
    _batch_id,
    _line_number
from ranked
where preference = 1
