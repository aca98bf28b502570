{% macro retention_days() -%}
    {%- set days = var('retention_days') -%}
    {%- if days is not integer or days < 0 or days > 366 -%}
        {%- do exceptions.raise_compiler_error(
            'The variable retention_days is ' ~ days ~ '; it must be a whole number of days, 0 to 366.'
        ) -%}
    {%- endif -%}
    {%- do return(days) -%}
{%- endmacro %}
