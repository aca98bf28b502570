{% macro last_rows_before(relation, period) -%}
    {#- Two steps: the first reads only two columns of the history, the second only a few of its rows. -#}
    select
        {%- for column in user_snapshot_columns(period) %}
        days.{{ column }}{{ ',' if not loop.last }}
        {%- endfor %}
    from (
        select
            days.*,
            row_number() over (
                partition by days.user_id
                order by days.{{ period | join(' desc, days.') }} desc
            ) as recency
        from {{ relation }} as days
        inner join (
            select
                earlier.user_id,
                max(earlier.date) as date
            from {{ relation }} as earlier
            inner join {{ touched_rows('user_from') }} as touched
                on earlier.user_id = touched.user_id and earlier.date < touched.touched_from
            group by earlier.user_id
        ) as last_days
            on days.user_id = last_days.user_id and days.date = last_days.date
    ) as days
    where days.recency = 1
{%- endmacro %}
