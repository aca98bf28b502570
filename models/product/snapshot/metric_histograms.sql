-- One row per metric, tags, hour and bucket with a value in it.
-- depends_on: {{ ref('int_product__touched_metrics') }}
-- A bucket is a sign, a power of two and one of 64 equal parts of the way to the next, so that histograms add up.
with metric_values as (
    select
        metric_values.*,
        abs(metric_values.value) as magnitude
    from {{ ref('int_product__metric_values') }} as metric_values
    where
        {{ is_touched('metric_hour', 'metric_values') }}
        and metric_values.timestamp < {{ as_of_end() }}
),

-- The logarithm is an estimate, which may differ in its last digit; exact powers of two decide.
estimated as (
    select
        *,
        cast(floor(ln(greatest(magnitude, {{ power_of_two(-40) }})) / ln(cast(2 as float8))) as bigint) as exponent
    from metric_values
),

corrected as (
    select
        *,
        case
            when magnitude < {{ power_of_two('exponent') }} then exponent - 1
            when magnitude >= {{ power_of_two('(exponent + 1)') }} then exponent + 1
            else exponent
        end as power
    from estimated
),

in_buckets as (
    select
        *,
        case
            when magnitude < {{ power_of_two(-40) }} then 0
            else
                cast(sign(value) as bigint)
                * ((power + 40) * 64 + cast(floor((magnitude / {{ power_of_two('power') }} - 1) * 64) as bigint) + 1)
        end as bucket
    from corrected
)

select  -- noqa: ST06
    name,
    tags,
    tags_key,
    hour_start,
    metric_date,
    bucket,
    count(*) as value_count,
    count(case when metric_type = 'counter' then 1 end) as counter_count,
    cast(sum({{ decimal_of_double('value') }}) as numeric(38, 12)) as value_sum,
    min(value) as min_value,
    max(value) as max_value
from in_buckets
group by name, tags, tags_key, hour_start, metric_date, bucket
