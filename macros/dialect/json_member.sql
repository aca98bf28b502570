{% macro json_member(document, key) -%}
    {{ return(adapter.dispatch('json_member', 'strata')(document, key)) }}
{%- endmacro %}

{% macro default__json_member(document, key) -%}
    ({{ document }} -> '{{ key }}')
{%- endmacro %}

{% macro duckdb__json_member(document, key) -%}
    json_extract({{ document }}, '$.{{ key }}')
{%- endmacro %}
