{#- A UTC instant as an RFC 3339 JSON string with six decimals; null becomes the JSON word null. -#}
{% macro json_timestamp(value) -%}
    {{ return(adapter.dispatch('json_timestamp', 'strata')(value)) }}
{%- endmacro %}

{% macro default__json_timestamp(value) -%}
    coalesce(to_char({{ value }}, '"\""YYYY-MM-DD"T"HH24:MI:SS.US"Z\""'), 'null')
{%- endmacro %}

{% macro duckdb__json_timestamp(value) -%}
    coalesce(strftime({{ value }}, '"%Y-%m-%dT%H:%M:%S.%fZ"'), 'null')
{%- endmacro %}
