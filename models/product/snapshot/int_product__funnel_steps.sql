-- One row per funnel and predicate, which is a step or an exclusion, as the definition of the funnel names it.
with funnels as (
    select * from {{ ref('stg_product__funnels') }}
),

rejections as (
    select * from {{ ref('int_product__staging_rejections') }}
),

definitions as (
    select
        funnels.id as funnel_id,
        funnels.steps as definition,
        {{ funnel_step_list('funnels.steps') }} as step_list,
        coalesce({{ json_value('funnels.steps', 'order') }}, 'ordered') as step_order,
        coalesce(
            cast({{ json_value('funnels.steps', 'window_seconds') }} as bigint),
            {{ var('funnel_window_days') | int * 86400 }}
        ) as window_seconds
    from funnels
    left join rejections
        on
            rejections.table_name = 'funnels'
            and funnels._batch_id = rejections.batch_id
            and funnels._line_number = rejections.line_number
    where rejections.batch_id is null
),

steps as (
    select
        definitions.*,
        listed.position as predicate,
        listed.element as predicate_definition,
        count(*) over (partition by definitions.funnel_id) as steps
    from definitions
    cross join lateral {{ json_elements('definitions.step_list') }} as listed (element, position)
),

exclusions as (
    select
        steps.funnel_id,
        steps.step_order,
        steps.window_seconds,
        steps.steps,
        listed.element as predicate_definition,
        -listed.position as predicate
    from steps
    cross join lateral {{ json_elements(json_member('steps.definition', 'exclusions')) }} as listed (element, position)
    where steps.predicate = 1
),

predicates as (
    select
        funnel_id,
        step_order,
        window_seconds,
        predicate,
        predicate_definition,
        steps
    from steps
    union all
    select
        funnel_id,
        step_order,
        window_seconds,
        predicate,
        predicate_definition,
        steps
    from exclusions
)

select
    funnel_id,
    predicate,
    {{ json_value('predicate_definition', 'event_name') }} as event_name,
    {{ json_value('predicate_definition', 'event_type') }} as event_type,
    {{ json_member('predicate_definition', 'where') }} as conditions,
    case
        when predicate < 0
            then coalesce(cast({{ json_value('predicate_definition', 'after_step') }} as bigint), 1)
    end as after_step,
    case
        when predicate < 0
            then coalesce(cast({{ json_value('predicate_definition', 'before_step') }} as bigint), steps)
    end as before_step,
    steps,
    window_seconds,
    step_order
from predicates
