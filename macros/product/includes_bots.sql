{% macro includes_bots() -%}
    {%- set value = var('product_include_bots') -%}
    {%- if value not in [true, false] -%}
        {%- do exceptions.raise_compiler_error('The variable product_include_bots is ' ~ value ~ '; it must be true or false.') -%}
    {%- endif -%}
    {{ return('true' if value else 'false') }}
{%- endmacro %}
