{#- The periods of the touched hours, and those whose percentiles are no longer exact, or are so again. -#}
{% macro is_touched__metric_period(alias, column, batches) -%}
    {%- set exact_from = metric_exact_from() -%}
    ({{ alias }}.name, {{ alias }}.tags_key, {{ alias }}.period_type, {{ alias }}.{{ column }}) in (
        select
            name,
            tags_key,
            period_type,
            period_start
        from ({{ in_metric_periods(touched_rows('metric_hour', batches) ~ ' as touched') }}) as touched_periods
        {%- if exact_from is not none and model.resource_type == 'model' %}
        union all
        select
            name,
            tags_key,
            period_type,
            period_start
        from {{ area_relation('int_product__metric_periods') }}
        where is_exact <> (period_start >= {{ exact_from }})
        {%- endif %}
    )
{%- endmacro %}
