{#- The position is numpy's, (n - 1) * q in doubles, so that its last digit is ours too. -#}
{% macro percentile_of_sorted(sorted_values, value_count, quantile) -%}
    {%- set position = percentile_position(value_count, quantile) -%}
    {%- set number = 'cast(floor(' ~ position ~ ') as integer)' -%}
    {{ interpolated(
        sorted_values ~ '[' ~ number ~ ' + 1]',
        sorted_values ~ '[least(' ~ number ~ ' + 2, cast(' ~ value_count ~ ' as integer))]',
        '(' ~ position ~ ' - floor(' ~ position ~ '))'
    ) }}
{%- endmacro %}
