-- One row per raw record of the area whose id was delivered more than once, as ops shows the copies of all areas.
with records as (
    select
        records.*,
        {{ record_digest('sale', 'records') }} as digest,
        count(*) over (partition by records.sale_id) as copies
    from {{ source('bakery', 'sale') }} as records
),

winners as (
    select records.*
    from records
    inner join {{ ref('stg_bakery__sale') }} as staged
        on records._batch_id = staged._batch_id and records._line_number = staged._line_number
)

select  -- noqa: ST06
    'sale' as table_name,
    cast(records.sale_id as text) as record_id,
    records._batch_id,
    records._line_number,
    records._batch_id = winners._batch_id and records._line_number = winners._line_number as is_winner,
    records.digest <> winners.digest as is_conflict
from records
inner join winners on records.sale_id = winners.sale_id
where records.copies > 1
