{#- The most that numeric(10, 2) seconds can hold, less what rounding could add: a little over three years. -#}
{% macro longest_session_microseconds() -%}
    99999999994999
{%- endmacro %}
