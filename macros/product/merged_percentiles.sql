{#- Every value counts as the middle of its bucket, kept within the least and the greatest value of the bucket. -#}
{% macro merged_percentiles(buckets, quantiles, key) -%}
    select
        {{ key | join(',\n        ') }},
        {%- for percentile in quantiles %}
        {{ interpolated(
            'lower_' ~ percentile, 'upper_' ~ percentile, '(' ~ percentile ~ '_at - floor(' ~ percentile ~ '_at))'
        ) }} as {{ percentile }}{{ ',' if not loop.last }}
        {%- endfor %}
    from (
        select
            {{ key | join(',\n            ') }},
            {%- for percentile in quantiles %}
            max({{ percentile }}_at) as {{ percentile }}_at,
            min(case when values_through > floor({{ percentile }}_at) then value end) as lower_{{ percentile }},
            coalesce(
                min(case when values_through > floor({{ percentile }}_at) + 1 then value end), max(value)
            ) as upper_{{ percentile }}{{ ',' if not loop.last }}
            {%- endfor %}
        from (
            select
                counted_buckets.*,
                {%- for percentile, quantile in quantiles.items() %}
                {{ percentile_position('all_values', quantile) }} as {{ percentile }}_at{{ ',' if not loop.last }}
                {%- endfor %}
            from (
                select
                    {{ key | join(',\n                    ') }},
                    least(greatest({{ histogram_bucket_value('bucket') }}, min_value), max_value) as value,
                    sum(value_count) over (partition by {{ key | join(', ') }}) as all_values,
                    sum(value_count) over (partition by {{ key | join(', ') }} order by bucket) as values_through
                from {{ buckets }}
            ) as counted_buckets
        ) as placed_buckets
        group by {{ key | join(', ') }}
    ) as neighbours
{%- endmacro %}
