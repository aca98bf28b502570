{#- What numeric(10, 2) seconds hold, less what rounding would add: a little over three years. -#}
{% macro longest_session_microseconds() -%}
    99999999994999
{%- endmacro %}
