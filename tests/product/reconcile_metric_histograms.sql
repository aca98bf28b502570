-- Every value is counted once, in the bucket whose bounds it lies between: its power of two is found by comparing with
-- all of them.
with metric_values as (
    select
        metric_values.*,
        abs(metric_values.value) as magnitude
    from {{ tested_rows(ref('stg_product__metrics'), 'metric_hour', 'metric_date') }} as metric_values
    where metric_values.timestamp < {{ horizon_of('metric_histograms') }}
),

powers as (
    select
        exponents.exponent,
        {{ power_of_two('exponents.exponent') }} as lower_bound
    from (
        values
        {{ for_each(range(-40, 54), '({0})', ', ') }}
    ) as exponents (exponent)
),

in_buckets as (
    select
        metric_values.*,
        cast(coalesce(
            case when metric_values.value < 0 then -1 else 1 end
            * ((powers.exponent + 40) * 64 + 1 + floor(64 * (metric_values.magnitude / powers.lower_bound)) - 64), 0
        ) as bigint) as bucket
    from metric_values
    left join powers
        on
            metric_values.magnitude >= powers.lower_bound
            and metric_values.magnitude < 2 * powers.lower_bound
),

expected as (
    select
        name,
        tags,
        tags_key,
        hour_start,
        metric_date,
        bucket,
        count(*) as value_count,
        count(case when metric_type = 'counter' then 1 end) as counter_count,
        sum({{ decimal_of_double('value') }}) as value_sum,
        min(value) as min_value,
        max(value) as max_value
    from in_buckets
    group by name, tags, tags_key, hour_start, metric_date, bucket
),

actual as (
    select histograms.* from {{ tested_rows(ref('metric_histograms')) }} as histograms
)

{{ reconciled(
    'metric_histograms', 'expected', 'actual', ['name', 'tags_key', 'hour_start', 'bucket'],
    ['metric_date', 'tags', 'value_count', 'counter_count', 'value_sum', 'min_value', 'max_value']
) }}
