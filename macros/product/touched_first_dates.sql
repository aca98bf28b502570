{% macro touched_first_dates(batches) -%}
    {#- Before and after the run, the first day of an action of a touched actor is a touched day of that actor, or
        the earliest of the other days: those are the same before and after. It matters only where a touched day lies
        before it. Batches that a parent has taken in already count too, so that a killed run misses no day. -#}
    {%- set kind = work_kind('actor_from') -%}
    {%- set list = kind.list -%}
    {%- set later_too = batches.copy() -%}
    {%- do later_too.update({'high': 9223372036854775807}) -%}
    {%- set is_touched_now = is_in_work(kind, 'work', later_too) -%}
    select work.event_date as date
    from {{ list }} as work
    where {{ is_touched_now }}
    union
    select min(days.date) as date
    from {{ area_relation('int_product__action_day') }} as days
    inner join (
        select
            work.actor,
            min(work.event_date) as touched_from
        from {{ list }} as work
        where {{ is_touched_now }}
        group by work.actor
    ) as touched on days.actor = touched.actor and days.date > touched.touched_from
    where not exists (
        select 1
        from {{ list }} as work
        where work.actor = days.actor and work.event_date = days.date and {{ is_touched_now }}
    )
    group by days.action_name, days.actor
{%- endmacro %}
