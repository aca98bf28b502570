{#- Rows of single hours, each once for each of the four periods in which its hour lies. -#}
{% macro in_metric_periods(hours, columns=[]) -%}
    {%- for period_type, unit in metric_period_units().items() %}
    select
        name,
        tags_key,
        {%- for column in columns %}
        {{ column }},
        {%- endfor %}
        '{{ period_type }}' as period_type,
        date_trunc('{{ unit }}', hour_start) as period_start
    from {{ hours }}
    {{ 'union all' if not loop.last }}
    {%- endfor %}
{%- endmacro %}
