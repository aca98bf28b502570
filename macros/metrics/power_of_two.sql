{#- Exact for whole exponents on every engine, as its truth table shows. -#}
{% macro power_of_two(exponent) -%}
    power(cast(2 as float8), {{ exponent }})
{%- endmacro %}
