{#- By way of text, which both engines read as the nearest double; a direct cast rounds twice on one of them. -#}
{% macro double_of_decimal(value) -%}
    cast(cast({{ value }} as text) as float8)
{%- endmacro %}
