{% macro is_recent(date_column, days_var, last_day=none) -%}
    {%- set last_day = last_day or as_of_date() -%}
    {{ date_column }} > {{ add_days(last_day, -1 * (var(days_var) | int)) }}
    and {{ date_column }} <= {{ last_day }}
{%- endmacro %}
