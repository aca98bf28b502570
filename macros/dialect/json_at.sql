{% macro json_at(document, path) -%}
    {{ return(adapter.dispatch('json_at', 'strata')(document, path)) }}
{%- endmacro %}

{% macro default__json_at(document, path) -%}
    ({{ document }} #> string_to_array({{ path }}, '.'))
{%- endmacro %}

{% macro duckdb__json_at(document, path) -%}
    json_extract({{ document }}, '$."' || replace({{ path }}, '.', '"."') || '"')
{%- endmacro %}
