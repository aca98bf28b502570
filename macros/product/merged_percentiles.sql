{#- Every value counts as the middle of its bucket, kept within the least and the greatest value of the bucket. -#}
{% macro merged_percentiles(buckets, quantiles) -%}
    select
        name,
        tags_key,
        period_type,
        period_start,
        {%- for percentile, quantile in quantiles.items() %}
        {%- set position = percentile_position('value_count', quantile) %}
        {{ interpolated(
            'lower_' ~ percentile, 'upper_' ~ percentile, '(' ~ position ~ ' - floor(' ~ position ~ '))'
        ) }} as {{ percentile }}{{ ',' if not loop.last }}
        {%- endfor %}
    from (
        select
            name,
            tags_key,
            period_type,
            period_start,
            {%- for percentile, quantile in quantiles.items() %}
            {%- set number = 'floor(' ~ percentile_position('all_values', quantile) ~ ')' %}
            min(case when values_through > {{ number }} then value end) as lower_{{ percentile }},
            coalesce(min(case when values_through > {{ number }} + 1 then value end), max(value)) as upper_{{ percentile }},
            {%- endfor %}
            max(all_values) as value_count
        from (
            select
                name,
                tags_key,
                period_type,
                period_start,
                least(greatest({{ histogram_bucket_value('bucket') }}, min_value), max_value) as value,
                sum(value_count) over (
                    partition by name, tags_key, period_type, period_start order by bucket
                ) as values_through,
                sum(value_count) over (partition by name, tags_key, period_type, period_start) as all_values
            from {{ buckets }}
        ) as counted_buckets
        group by name, tags_key, period_type, period_start
    ) as neighbours
{%- endmacro %}
