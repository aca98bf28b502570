{% macro is_touched__from_date(alias, date_column, batches) -%}
    {{ alias }}.{{ date_column }} >= {{ first_touched_date(batches) }}
{%- endmacro %}
