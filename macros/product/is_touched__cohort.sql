{% macro is_touched__cohort(alias, date_column, batches) -%}
    {#- The cohorts of the days on which somebody may have begun, before or after, and those for which a touched day may
        be one of return. A day of 24 hours reaches into the next date. -#}
    exists (
        select 1
        from ({{ touched_first_dates(batches) }}) as touched
        where
            {{ alias }}.{{ date_column }} <= touched.date
            and {{ alias }}.{{ date_column }} >= {{ add_days('touched.date', -1 - retention_days()) }}
    )
{%- endmacro %}
