{#- A DuckDB key that is a value may be read as a path; a JSON pointer of one step names every key. -#}
{% macro json_text_of_key(document, key) -%}
    {{ return(adapter.dispatch('json_text_of_key', 'strata')(document, key)) }}
{%- endmacro %}

{% macro default__json_text_of_key(document, key) -%}
    ({{ document }} ->> {{ key }})
{%- endmacro %}

{% macro duckdb__json_text_of_key(document, key) -%}
    json_extract_string({{ document }}, '/' || replace(replace({{ key }}, '~', '~0'), '/', '~1'))
{%- endmacro %}
