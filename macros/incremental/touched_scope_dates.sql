{% macro touched_scope_dates(batches=none) -%}
    {#- The touched days; the user's days in the two days after each (a place can be that of an instant two local days
        before) and the next day after those (whose scope may no longer differ from the day before); and the days of the
        user's later moves (which carry another total of experience points along). -#}
    {%- set batches = batches or batch_range() -%}
    {%- if not execute -%}
        {%- do return('(select null)') -%}
    {%- endif -%}
    (
        select touched.business_date as date
        from {{ touched_user_days(batches) }} as touched
        union
        select days.date
        from {{ touched_user_days(batches) }} as touched
        inner join {{ area_relation('snapshot_daily_user') }} as days
            on
                touched.user_id = days.user_id
                and touched.business_date < days.date
                and {{ add_days('touched.business_date', 2) }} >= days.date
        union
        select min(days.date) as date
        from {{ touched_user_days(batches) }} as touched
        inner join {{ area_relation('snapshot_daily_user') }} as days
            on touched.user_id = days.user_id and {{ add_days('touched.business_date', 2) }} < days.date
        where days.date > {{ first_touched_date(batches) }}
        group by touched.user_id, touched.business_date
        union
        select moves.date
        from {{ area_relation('int_training__user_moves') }} as moves
        inner join {{ touched_user_days(batches) }} as touched
            on moves.user_id = touched.user_id and moves.date > touched.business_date
        where moves.date > {{ first_touched_date(batches) }}
    )
{%- endmacro %}
