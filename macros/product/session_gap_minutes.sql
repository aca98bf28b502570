{#- Above a day, a session could go on after a day without an event, and the work list would not find its other end. -#}
{% macro session_gap_minutes() -%}
    {%- set minutes = var('session_gap_minutes') -%}
    {%- if minutes is not number or minutes != minutes | int or minutes < 1 or minutes > 1440 -%}
        {%- do exceptions.raise_compiler_error(
            'The variable session_gap_minutes is ' ~ minutes ~ '; it must be a whole number of minutes, 1 to 1440.'
        ) -%}
    {%- endif -%}
    {{ return(minutes | int) }}
{%- endmacro %}
