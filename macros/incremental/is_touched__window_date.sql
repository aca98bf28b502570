{% macro is_touched__window_date(alias, date_column, batches) -%}
    {{ alias }}.{{ date_column }} in (select touched.date from {{ touched_window_dates(batches) }} as touched)
{%- endmacro %}
