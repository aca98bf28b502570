{% macro is_touched__session_day(alias, date_column, batches) -%}
    {%- set column = alias ~ '.' ~ date_column -%}
    (
        {{ date_is_one_of(column, touched_activity_dates(batches)) }}
        and ({{ alias }}.learner_id, {{ alias }}.session_id, {{ column }}) in {{ touched_session_days(batches) }}
    )
{%- endmacro %}
