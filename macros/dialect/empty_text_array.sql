{% macro empty_text_array() -%}
    {{ adapter.dispatch('empty_text_array', 'strata')() }}
{%- endmacro %}

{% macro default__empty_text_array() -%}
    cast(array[] as text[])
{%- endmacro %}
