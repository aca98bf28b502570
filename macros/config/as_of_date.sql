{% macro as_of_date() -%}
    {%- set as_of = var('as_of', none) or run_started_at.strftime('%Y-%m-%d') -%}
    cast('{{ (as_of | string)[:10] }}' as date)
{%- endmacro %}
