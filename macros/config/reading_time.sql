{% macro reading_time() -%}
    timezone('UTC', now())
{%- endmacro %}
