{% macro add_days(date_expression, days) -%}
    {{ adapter.dispatch('add_days', 'strata')(date_expression, days) }}
{%- endmacro %}

{% macro default__add_days(date_expression, days) -%}
    cast({{ date_expression }} + {{ days }} * interval '1 day' as date)
{%- endmacro %}
