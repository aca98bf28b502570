{% macro json_text(document, key) -%}
    {{ return(adapter.dispatch('json_text', 'strata')(document, key)) }}
{%- endmacro %}

{#- Numbers and objects are left out: engines write 1.10 and {"a": 1} in different ways. -#}
{% macro default__json_text(document, key) -%}
    case when json_typeof({{ document }} -> '{{ key }}') = 'string' then {{ document }} ->> '{{ key }}' end
{%- endmacro %}

{% macro duckdb__json_text(document, key) -%}
    case
        when json_type({{ document }}, '$.{{ key }}') = 'VARCHAR' then json_extract_string({{ document }}, '$.{{ key }}')
    end
{%- endmacro %}
