{#- By way of text: engines cut a double differently when they cast it to a decimal, and write the same shortest text. -#}
{% macro decimal_of_double(value) -%}
    cast(cast({{ value }} as text) as numeric(38, 12))
{%- endmacro %}
