-- One row per funnel id, the version that counts, with values as sent.
select
    id,
    name,
    description,
    steps,
    created_at
from {{ ref('stg_product__funnels') }}
