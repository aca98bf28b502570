{% macro array_length_of(expression) -%}
    {{ adapter.dispatch('array_length_of', 'strata')(expression) }}
{%- endmacro %}

{% macro default__array_length_of(expression) -%}
    cardinality({{ expression }})
{%- endmacro %}

{% macro duckdb__array_length_of(expression) -%}
    len({{ expression }})
{%- endmacro %}
