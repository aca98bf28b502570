{% macro as_of_instant() -%}
    {%- set as_of = var('as_of', none) -%}
    {%- if not as_of -%}
        {{ run_instant() }}
    {%- elif (as_of | string) | length > 10 -%}
        cast('{{ as_of }}' as timestamp)
    {%- else -%}
        cast({{ add_days(as_of_date(), 1) }} as timestamp)
    {%- endif -%}
{%- endmacro %}
