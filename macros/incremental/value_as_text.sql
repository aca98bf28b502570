{% macro value_as_text(expression, data_type) -%}
    {%- if data_type == 'text[]' -%}
        array_to_string({{ expression }}, ', ')
    {%- else -%}
        cast({{ expression }} as text)
    {%- endif -%}
{%- endmacro %}
