{% macro binary_order(expression) -%}
    {{ adapter.dispatch('binary_order', 'strata')(expression) }}
{%- endmacro %}

{% macro default__binary_order(expression) -%}
    {{ expression }}
{%- endmacro %}

{% macro postgres__binary_order(expression) -%}
    ({{ expression }}) collate "C"
{%- endmacro %}
