{#- A variable that is a number of seconds. Above an hour, the time of an event could reach past the next day. -#}
{% macro whole_seconds(name) -%}
    {%- set seconds = var(name) -%}
    {%- if seconds is not number or seconds != seconds | int or seconds < 0 or seconds > 3600 -%}
        {%- do exceptions.raise_compiler_error(
            'The variable ' ~ name ~ ' is ' ~ seconds ~ '; it must be a whole number of seconds, 0 to 3600.'
        ) -%}
    {%- endif -%}
    {{ return(seconds | int) }}
{%- endmacro %}
