-- One row per metric, tags and period (hourly, daily, weekly or monthly) with a value in it.
select
    id,
    name,
    period_start,
    period_type,
    value_count as count,
    value_sum as sum,
    min_value as min,
    max_value as max,
    avg_value as avg,
    p50,
    p90,
    p99,
    tags
from {{ ref('int_product__metric_periods') }}
