{% macro is_touched__activity_window(alias, date_column, batches) -%}
    {{ date_is_one_of(alias ~ '.' ~ date_column, touched_activity_dates(batches), days_after=29) }}
{%- endmacro %}
