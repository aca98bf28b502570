{% macro joined_arrays(expression) -%}
    {{ adapter.dispatch('joined_arrays', 'strata')(expression) }}
{%- endmacro %}

{% macro default__joined_arrays(expression) -%}
    string_agg(nullif(array_to_string({{ expression }}, chr(31)), ''), chr(31))
{%- endmacro %}
