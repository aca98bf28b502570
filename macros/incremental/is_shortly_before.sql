{% macro is_shortly_before(alias, date_column='business_date') -%}
    {%- set column = alias ~ '.' ~ date_column -%}
    (
        {{ column }} >= {{ add_days(first_touched_date(), '-2') }}
        and exists (
            select 1
            from (
                select
                    touched.user_id,
                    min(touched.business_date) as from_date
                from {{ touched_user_days() }} as touched
                group by touched.user_id
            ) as touched
            where
                touched.user_id = {{ alias }}.user_id
                and touched.from_date > {{ column }}
                and {{ add_days('touched.from_date', '-2') }} <= {{ column }}
        )
    )
{%- endmacro %}
