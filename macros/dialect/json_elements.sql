{#- What is no list has no elements, so that a query over many documents never fails at one. -#}
{% macro json_elements(document) -%}
    {{ return(adapter.dispatch('json_elements', 'strata')(document)) }}
{%- endmacro %}

{% macro default__json_elements(document) -%}
    json_array_elements(
        case when {{ json_kind(document) }} = 'array' then {{ document }} end
    ) with ordinality
{%- endmacro %}

{% macro duckdb__json_elements(document) -%}
    unnest(from_json(case when {{ json_kind(document) }} = 'array' then {{ document }} end, '["JSON"]')) with ordinality
{%- endmacro %}
