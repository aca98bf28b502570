-- One row per id that staging has taken in, with the batch that brought the record that counts.
with sales as (
    select * from {{ ref('stg_bakery__sale') }}
)

select  -- noqa: ST06
    'sale' as table_name,
    cast(sale_id as text) as record_id,
    _batch_id as batch_id
from sales
