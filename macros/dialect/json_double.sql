{#- A finite double as a JSON number with the fewest digits that read back the same; null becomes JSON's null. -#}
{% macro json_double(value) -%}
    {{ return(adapter.dispatch('json_double', 'strata')(value)) }}
{%- endmacro %}

{% macro default__json_double(value) -%}
    coalesce(cast({{ value }} as text), 'null')
{%- endmacro %}

{#- DuckDB writes 1.0 where PostgreSQL writes 1. -#}
{% macro duckdb__json_double(value) -%}
    coalesce(regexp_replace(cast({{ value }} as varchar), '\.0$', ''), 'null')
{%- endmacro %}
