-- One row per metric, tags and period (hour, day, week or month) with a value in it.
-- Percentiles are exact, or from merged histograms where the period begins more than metric_raw_days before as_of.
{% set quantiles = {'p50': '0.5', 'p90': '0.9', 'p99': '0.99'} %}
{%- set exact_from = metric_exact_from() %}
with histograms as (
    select histograms.*
    from {{ ref('metric_histograms') }} as histograms
    where {{ is_touched('metric_days', 'histograms', 'metric_date') }}
),

buckets_of_hours as (
    select in_periods.*
    from (
        {{ in_metric_periods('histograms', [
            'metric_date', 'tags', 'bucket', 'value_count', 'counter_count', 'value_sum', 'min_value', 'max_value'
        ]) }}
    ) as in_periods
    where {{ is_touched('metric_period', 'in_periods', 'period_start') }}
),

totals as (
    select  -- noqa: ST06
        name,
        tags_key,
        period_type,
        period_start,
        min(metric_date) as first_date,
        max(tags) as tags,
        cast(sum(value_count) as bigint) as value_count,
        cast(sum(counter_count) as bigint) as counter_count,
        {{ double_of_decimal('sum(value_sum)') }} as value_sum,
        min(min_value) as min_value,
        max(max_value) as max_value
    from buckets_of_hours
    group by name, tags_key, period_type, period_start
),

metric_values as (
    select metric_values.*
    from {{ ref('int_product__metric_values') }} as metric_values
    where
        {{ is_touched('metric_days', 'metric_values', 'metric_date') }}
        and metric_values.metric_type <> 'counter'
        and metric_values.timestamp < {{ as_of_end() }}
),

exact_values as (
    select in_periods.*
    from (
        {{ in_metric_periods('metric_values', ['value']) }}
    ) as in_periods
    where
        {{ is_touched('metric_period', 'in_periods', 'period_start') }}
        and in_periods.period_start >= {{ exact_from or 'in_periods.period_start' }}
),

sorted as (
    select
        name,
        tags_key,
        period_type,
        period_start,
        count(*) as value_count,
        array_agg(value order by value) as sorted_values
    from exact_values
    group by name, tags_key, period_type, period_start
),

{% if exact_from %}
old_buckets as (
    select
        name,
        tags_key,
        period_type,
        period_start,
        bucket,
        cast(sum(value_count) as bigint) as value_count,
        min(min_value) as min_value,
        max(max_value) as max_value
    from buckets_of_hours
    where period_start < {{ exact_from }}
    group by name, tags_key, period_type, period_start, bucket
),

{% endif %}
percentiles as (
    select  -- noqa: ST06
        name,
        tags_key,
        period_type,
        {%- for percentile, quantile in quantiles.items() %}
        {{ percentile_of_sorted('sorted_values', 'value_count', quantile) }} as {{ percentile }},
        {%- endfor %}
        period_start
    from sorted
    {%- if exact_from %}
    union all
    select
        name,
        tags_key,
        period_type,
        {{ for_each(quantiles, '{0},', '\n        ') }}
        period_start
    from ({{ merged_percentiles(
        'old_buckets', quantiles, ['name', 'tags_key', 'period_type', 'period_start']
    ) }}) as merged
    {%- endif %}
)

select  -- noqa: ST06
    md5(concat_ws(
        chr(31), totals.name, totals.tags_key, totals.period_type, cast(totals.period_start as text)
    )) as id,
    totals.name,
    totals.tags,
    totals.tags_key,
    totals.period_type,
    totals.period_start,
    cast(totals.period_start as date) as period_date,
    totals.first_date,
    totals.value_count,
    totals.value_sum,
    totals.min_value,
    totals.max_value,
    {{ safe_ratio('totals.value_sum', 'totals.value_count') }} as avg_value,
    {%- for percentile in quantiles %}
    case when totals.counter_count = 0 then percentiles.{{ percentile }} end as {{ percentile }},
    {%- endfor %}
    {{ 'totals.period_start >= ' ~ exact_from if exact_from else 'true' }} as is_exact
from totals
left join percentiles
    on
        totals.name = percentiles.name
        and totals.tags_key = percentiles.tags_key
        and totals.period_type = percentiles.period_type
        and totals.period_start = percentiles.period_start
