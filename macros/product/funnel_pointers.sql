{#- At one place the event that searches comes before the one that is sought, so that no event finds itself. -#}
{% macro funnel_pointers(events, matches, predicates) -%}
    with searches as (
        {{ funnel_searches(predicates) }}
    ),

    marks as (
        select
            matches.funnel_id,
            marked.actor,
            searches.search,
            searches.is_sought,
            marked.place,
            marked.timestamp
        from {{ matches }} as matches
        inner join searches
            on matches.funnel_id = searches.funnel_id and matches.predicate = searches.predicate
        inner join {{ events }} as marked on matches.event_id = marked.event_id
    ),

    pointers as (
        select
            *,
            min(case when is_sought then place end) over later_marks as found_place,
            min(case when is_sought then timestamp end) over later_marks as found_at
        from marks
        window later_marks as (
            partition by funnel_id, actor, search
            order by place desc, is_sought
            rows between unbounded preceding and current row
        )
    )

    select
        funnel_id,
        actor,
        search,
        place,
        found_place,
        found_at
    from pointers
    where not is_sought and found_place is not null
{%- endmacro %}
