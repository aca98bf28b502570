{% macro period_start(date, period_type) -%}
    {%- if period_type == 'daily' -%}
        {{ date }}
    {%- else -%}
        cast(date_trunc('week', cast({{ date }} as timestamp)) as date)
    {%- endif -%}
{%- endmacro %}
