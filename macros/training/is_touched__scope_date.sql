{% macro is_touched__scope_date(alias, date_column, batches) -%}
    {#- The touched days; the user's days in the two days after each (a scope can be that of an instant two local
        days before) and the next day after those (whose scope may no longer differ from the day before); and the
        days of the user's later moves, to which the user brings another total of experience points. -#}
    {%- set touched_user_days = touched_rows('user_day', batches) -%}
    {%- set first_date = first_touched_date('user_day', batches) -%}
    {%- set query -%}
        select touched.business_date as date
        from {{ touched_user_days }} as touched
        union
        select days.date
        from {{ touched_user_days }} as touched
        inner join {{ area_relation('snapshot_daily_user') }} as days
            on
                touched.user_id = days.user_id
                and touched.business_date < days.date
                and {{ add_days('touched.business_date', 2) }} >= days.date
        union
        select min(days.date) as date
        from {{ touched_user_days }} as touched
        inner join {{ area_relation('snapshot_daily_user') }} as days
            on touched.user_id = days.user_id and {{ add_days('touched.business_date', 2) }} < days.date
        where days.date > {{ first_date }}
        group by touched.user_id, touched.business_date
        union
        select moves.date
        from {{ area_relation('int_training__user_moves') }} as moves
        inner join {{ touched_user_days }} as touched
            on moves.user_id = touched.user_id and moves.date > touched.business_date
        where moves.date > {{ first_date }}
    {%- endset -%}
    {{ date_is_one_of(alias ~ '.' ~ date_column, dates_of(query)) }}
{%- endmacro %}
