{% macro is_touched__learner_day(alias, date_column, batches) -%}
    {%- set column = alias ~ '.' ~ date_column -%}
    (
        {{ date_is_one_of(column, touched_activity_dates(batches)) }}
        and ({{ alias }}.learner_id, {{ column }}) in (
            select
                touched.learner_id,
                touched.partition_date
            from {{ touched_session_days(batches) }} as touched
        )
    )
{%- endmacro %}
