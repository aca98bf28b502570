{% macro is_touched__event_date(alias, date_column, batches) -%}
    {{ date_is_one_of(alias ~ '.' ~ date_column, touched_dates(batches), margin_days=1) }}
{%- endmacro %}
