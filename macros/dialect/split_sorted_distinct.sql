{% macro split_sorted_distinct(expression) -%}
    {{ adapter.dispatch('split_sorted_distinct', 'strata')(expression) }}
{%- endmacro %}

{% macro default__split_sorted_distinct(expression) -%}
    {{ sorted_distinct_array('string_to_array(nullif(' ~ expression ~ ", ''), chr(31))") }}
{%- endmacro %}
