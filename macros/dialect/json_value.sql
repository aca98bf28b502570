{% macro json_value(document, key) -%}
    {{ adapter.dispatch('json_value', 'strata')(document, key) }}
{%- endmacro %}

{% macro default__json_value(document, key) -%}
    ({{ document }} ->> '{{ key }}')
{%- endmacro %}

{% macro duckdb__json_value(document, key) -%}
    json_extract_string({{ document }}, '$.{{ key }}')
{%- endmacro %}
