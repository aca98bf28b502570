{% macro is_touched__scope_date(alias, date_column, batches) -%}
    {{ date_is_one_of(alias ~ '.' ~ date_column, dates_of(
        'select distinct touched.date from ' ~ touched_scope_dates(batches) ~ ' as touched'
    )) }}
{%- endmacro %}
