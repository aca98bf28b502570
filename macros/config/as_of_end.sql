{#- A run without as_of counts the whole day, so that a second run on that day has nothing to do. -#}
{% macro as_of_end() -%}
    {%- set as_of = var('as_of', none) | string -%}
    {%- if as_of | length > 10 -%}
        cast('{{ as_of }}' as timestamp) + interval '1 microsecond'
    {%- else -%}
        cast({{ add_days(as_of_date(), 1) }} as timestamp)
    {%- endif -%}
{%- endmacro %}
