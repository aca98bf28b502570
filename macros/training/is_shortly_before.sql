{% macro is_shortly_before(alias, date_column='business_date') -%}
    {%- set column = alias ~ '.' ~ date_column -%}
    (
        {{ column }} >= {{ add_days(first_touched_date('user_from'), '-2') }}
        and exists (
            select 1
            from {{ touched_rows('user_from') }} as touched
            where
                touched.user_id = {{ alias }}.user_id
                and touched.touched_from > {{ column }}
                and {{ add_days('touched.touched_from', '-2') }} <= {{ column }}
        )
    )
{%- endmacro %}
