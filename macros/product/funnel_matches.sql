{#- A predicate finds its events by their name; only those that ask for more are looked into, and what they refuse is
    taken away. In the order any an event stands for the lowest step that it matches. -#}
{% macro funnel_matches(events, predicates) -%}
    with conditions as (
        select
            predicates.funnel_id,
            predicates.predicate,
            members.key as place,
            case when {{ json_kind('members.value') }} = 'array' then members.value end as listed,
            members.value as wanted
        from {{ predicates }} as predicates
        cross join lateral {{ json_members('predicates.conditions') }} as members
    ),

    accepted as (
        select
            conditions.funnel_id,
            conditions.predicate,
            conditions.place,
            array_agg({{ json_scalar('case when listed.position is null then conditions.wanted else listed.element end') }}) as scalars
        from conditions
        left join lateral {{ json_elements('conditions.listed') }} as listed (element, position) on true
        group by conditions.funnel_id, conditions.predicate, conditions.place
    ),

    candidates as (
        select
            predicates.funnel_id,
            predicates.predicate,
            predicates.step_order,
            events.event_id
        from {{ events }} as events
        inner join {{ predicates }} as predicates
            on
                events.event_name = predicates.event_name
                and (predicates.event_type is null or events.event_type = predicates.event_type)
    ),

    values_asked_for as (
        select
            predicates.funnel_id,
            predicates.predicate,
            events.event_id,
            accepted.scalars,
            case accepted.place
                when 'page_url' then 'text ' || events.page_url
                when 'referrer' then 'text ' || events.referrer
            end as address,
            {{ json_at(
                "case when accepted.place like 'properties.%' then events.properties else events.context end",
                "case when accepted.place like '%.%' then substr(accepted.place, strpos(accepted.place, '.') + 1) end"
            ) }} as member
        from {{ events }} as events
        inner join {{ predicates }} as predicates
            on
                events.event_name = predicates.event_name
                and (predicates.event_type is null or events.event_type = predicates.event_type)
        inner join accepted
            on predicates.funnel_id = accepted.funnel_id and predicates.predicate = accepted.predicate
    ),

    refused as (
        select distinct
            funnel_id,
            predicate,
            event_id
        from values_asked_for
        where not coalesce(address, {{ json_scalar('member') }}) = any (scalars)
    ),

    matched as (
        select candidates.*
        from candidates
        left join refused
            on
                candidates.funnel_id = refused.funnel_id
                and candidates.predicate = refused.predicate
                and candidates.event_id = refused.event_id
        where refused.event_id is null
    )

    select
        funnel_id,
        predicate,
        event_id
    from matched
    where step_order <> 'any' or predicate < 0
    union all
    select
        funnel_id,
        min(predicate) as predicate,
        event_id
    from matched
    where step_order = 'any' and predicate > 0
    group by funnel_id, event_id
{%- endmacro %}
