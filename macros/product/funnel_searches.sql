{#- From an event of step k, number k looks for step k + 1, and number -k for an exclusion that holds after step k. In
    the order any, number k looks for step k from any event, and -1 for an exclusion. -#}
{% macro funnel_searches(predicates) -%}
    select
        predicates.funnel_id,
        predicates.predicate,
        predicates.predicate as search,
        false as is_sought
    from {{ predicates }} as predicates
    where predicates.step_order <> 'any' and predicates.predicate between 1 and predicates.steps - 1
    union all
    select
        predicates.funnel_id,
        predicates.predicate,
        case predicates.step_order when 'any' then predicates.predicate else predicates.predicate - 1 end as search,
        true as is_sought
    from {{ predicates }} as predicates
    where predicates.predicate >= case predicates.step_order when 'any' then 1 else 2 end
    union all
    select
        predicates.funnel_id,
        predicates.predicate,
        others.predicate as search,
        false as is_sought
    from {{ predicates }} as predicates
    inner join {{ predicates }} as others
        on predicates.funnel_id = others.funnel_id and predicates.predicate <> others.predicate
    where predicates.step_order = 'any' and predicates.predicate > 0 and others.predicate > 0
    union
    select
        exclusions.funnel_id,
        case sides.is_sought when true then exclusions.predicate else states.predicate end as predicate,
        case exclusions.step_order when 'any' then -1 else -states.predicate end as search,
        sides.is_sought
    from {{ predicates }} as exclusions
    inner join {{ predicates }} as states
        on
            exclusions.funnel_id = states.funnel_id
            and (
                states.predicate between exclusions.after_step and exclusions.before_step - 1
                or (exclusions.step_order = 'any' and states.predicate > 0)
            )
    cross join (values (true), (false)) as sides (is_sought)
    where exclusions.predicate < 0
{%- endmacro %}
