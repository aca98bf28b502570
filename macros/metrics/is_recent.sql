{% macro is_recent(date_column, days_var) -%}
    {{ date_column }} > {{ add_days(as_of_date(), -1 * (var(days_var) | int)) }}
    and {{ date_column }} <= {{ as_of_date() }}
{%- endmacro %}
