-- One row per id of a metric value, with the hour and the series (metric and tags) that it belongs to.
select
    id,
    name,
    metric_type,
    value,
    timestamp,
    hour_start,
    metric_date,
    tags,
    tags_key,
    unit
from {{ ref('stg_product__metrics') }}
