{% macro is_touched__user_day(alias, date_column, batches) -%}
    {%- set column = alias ~ '.' ~ date_column -%}
    (
        {{ date_is_one_of(column, touched_dates(batches)) }}
        and ({{ alias }}.user_id, {{ column }}) in {{ touched_user_days(batches) }}
    )
{%- endmacro %}
