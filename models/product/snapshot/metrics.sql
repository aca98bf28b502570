-- One row per id of a metric value, the copy that counts, also of values after as_of.
select
    id,
    name,
    metric_type,
    value,
    timestamp,
    tags,
    unit
from {{ ref('stg_product__metrics') }}
