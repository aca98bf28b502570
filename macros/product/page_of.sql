{% macro page_of(url) -%}
    nullif(split_part(split_part({{ url }}, '?', 1), '#', 1), '')
{%- endmacro %}
