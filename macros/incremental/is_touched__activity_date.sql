{% macro is_touched__activity_date(alias, date_column, batches) -%}
    {{ date_is_one_of(alias ~ '.' ~ date_column, touched_activity_dates(batches)) }}
{%- endmacro %}
