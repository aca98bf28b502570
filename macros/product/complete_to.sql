{% macro complete_to() -%}
    {%- if var('as_of', none) -%}
        {{ as_of_instant() }}
    {%- else -%}
        cast({{ as_of_date() }} as timestamp)
    {%- endif -%}
{%- endmacro %}
