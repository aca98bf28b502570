{% macro is_touched__user_from(alias, date_column, batches) -%}
    (
        {{ alias }}.{{ date_column }} >= {{ first_touched_date(batches) }}
        and exists (
            select 1
            from (
                select
                    touched.user_id,
                    min(touched.business_date) as from_date
                from {{ touched_user_days(batches) }} as touched
                group by touched.user_id
            ) as touched
            where
                touched.user_id = {{ alias }}.user_id
                and touched.from_date <= {{ alias }}.{{ date_column }}
        )
    )
{%- endmacro %}
