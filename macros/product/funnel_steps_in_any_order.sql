{#- The first event of each step after the entry, in the order in which they come; an exclusion before the next of them
    ends the entry. -#}
{% macro funnel_steps_in_any_order(entries, found) -%}
    with first_events as (
        select
            entries.funnel_id,
            entries.event_id,
            entries.actor,
            found.found_place as place,
            found.found_at as reached_at
        from {{ entries }} as entries
        inner join {{ found }} as found
            on
                entries.funnel_id = found.funnel_id
                and entries.actor = found.actor
                and entries.place = found.place
                and found.search > 0
                and found.found_at <= entries.closes_at
        where entries.step_order = 'any'
        union all
        select
            entries.funnel_id,
            entries.event_id,
            entries.actor,
            entries.place,
            entries.started_at as reached_at
        from {{ entries }} as entries
        where entries.step_order = 'any'
    ),

    numbered as (
        select
            *,
            row_number() over events_of_entry as step,
            lead(place) over events_of_entry as next_place
        from first_events
        window events_of_entry as (partition by funnel_id, event_id order by place)
    ),

    with_last_step as (
        select
            numbered.*,
            min(case when exclusions.found_place < numbered.next_place then numbered.step end) over (
                partition by numbered.funnel_id, numbered.event_id
            ) as last_step
        from numbered
        left join {{ found }} as exclusions
            on
                numbered.funnel_id = exclusions.funnel_id
                and numbered.actor = exclusions.actor
                and numbered.place = exclusions.place
                and exclusions.search = -1
    )

    select
        funnel_id,
        event_id,
        step,
        place,
        reached_at
    from with_last_step
    where last_step is null or step <= last_step
{%- endmacro %}
