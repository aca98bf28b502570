{#- Periods of the lifecycle and their days. -#}
{% macro period_types() -%}
    {%- do return({'daily': 1, 'weekly': 7}) -%}
{%- endmacro %}
