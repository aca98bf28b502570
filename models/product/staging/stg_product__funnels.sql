-- One row per funnel id: the version that counts, that with the latest created_at, then the smallest digest.
with records as (
    select
        records.*,
        {{ record_digest('funnels', 'records') }} as digest
    from {{ source('product', 'funnels') }} as records
    where {{ is_touched('funnel_copy', 'records') }}
),

ranked as (
    select
        *,
        row_number() over (partition by id order by created_at desc, digest asc, _batch_id asc, _line_number asc) as preference
    from records
)

select
    id,
    name,
    description,
    steps,
    created_at,
    _batch_id,
    _line_number
from ranked
where preference = 1
