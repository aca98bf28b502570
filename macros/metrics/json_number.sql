{#- A whole number or a boolean as JSON; null becomes the JSON word null. -#}
{% macro json_number(value) -%}
    coalesce(cast({{ value }} as text), 'null')
{%- endmacro %}
