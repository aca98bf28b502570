{% macro is_touched__date(alias, date_column, batches) -%}
    {{ date_is_one_of(alias ~ '.' ~ date_column, touched_dates(batches)) }}
{%- endmacro %}
