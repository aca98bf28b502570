{% macro longest_window_days() -%}
    {%- do return([28, var('rank_window_days') | int] | max) -%}
{%- endmacro %}
