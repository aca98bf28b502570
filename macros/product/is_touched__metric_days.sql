{#- All days of the periods that metric_period names, for all series of theirs. -#}
{% macro is_touched__metric_days(alias, column, batches) -%}
    {%- set exact_from = metric_exact_from() -%}
    (
        (
            {{ date_is_one_of(alias ~ '.' ~ column, days_of_metric_periods(touched_dates('metric_hour', batches))) }}
            and ({{ alias }}.name, {{ alias }}.tags_key) in (
                select
                    name,
                    tags_key
                from {{ touched_rows('metric_hour', batches) }} as touched
            )
        )
        {%- if exact_from is not none and model.resource_type == 'model' %}
        or exists (
            select 1
            from {{ area_relation('int_product__metric_periods') }} as periods
            where
                periods.is_exact <> (periods.period_start >= {{ exact_from }})
                and periods.name = {{ alias }}.name
                and periods.tags_key = {{ alias }}.tags_key
                and periods.period_start <= {{ alias }}.{{ column }}
                and periods.period_start > {{ alias }}.{{ column }} - interval '31 days'
        )
        {%- endif %}
    )
{%- endmacro %}
