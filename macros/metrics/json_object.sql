{#- A JSON object as text: keys in the order given, values as SQL expressions that yield JSON text and never null. -#}
{% macro json_object(pairs) -%}
    '{'
    {%- for key, value in pairs %}
    || '{{ ',' if not loop.first }}"{{ key }}":' || {{ value }}
    {%- endfor %}
    || '}'
{%- endmacro %}
