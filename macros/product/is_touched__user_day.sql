{% macro is_touched__user_day(alias, date_column, batches) -%}
    {#- A session may begin or cease to span days of its user that have events of other sessions only; and a day that
        comes or goes takes time from the day before it in sessions that span it, or gives it back. -#}
    {%- set kind = work_kind('actor_day') -%}
    {%- set touched -%}
        select
            work.actor,
            work.event_date as date
        from {{ kind.list }} as work
        where {{ is_in_work(kind, 'work', batches) }}
        union
        select
            days.actor,
            days.date
        from {{ kind.list }} as work
        inner join {{ area_relation('int_product__action_day') }} as days
            on
                work.actor = days.actor
                and days.action_name = ''
                and work.first_at < cast(days.date as timestamp)
                and work.last_at > cast(days.date as timestamp)
        where
            work.session_id <> ''
            and work.last_at > work.first_at + interval '2 days'
            and {{ is_in_work(kind, 'work', batches) }}
        union
        select
            days.actor,
            days.date
        from {{ area_relation('int_product__sessions') }} as sessions
        inner join {{ kind.list }} as work
            on
                sessions.actor = work.actor
                and sessions.started_date < work.event_date
                and cast(sessions.ended_at as date) > work.event_date
        inner join {{ area_relation('int_product__action_day') }} as days
            on
                sessions.actor = days.actor
                and days.action_name = ''
                and sessions.started_date <= days.date
                and work.event_date > days.date
        where
            cast(sessions.ended_at as date) - sessions.started_date > 1
            and {{ is_in_work(kind, 'work', batches) }}
    {%- endset -%}
    (
        {{ date_is_one_of(
            alias ~ '.' ~ date_column, dates_of('select distinct touched.date from (' ~ touched ~ ') as touched order by 1')
        ) }}
        and ({{ alias }}.actor, {{ alias }}.{{ date_column }}) in ({{ touched }})
    )
{%- endmacro %}
