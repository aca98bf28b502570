-- What people read of funnels: the latest version of each id that has steps and the smallest id of its name, as the
-- contract has it; and every entry, completed where it reached the last step of its funnel.
with versions as (
    select
        *,
        {{ funnel_step_list('steps') }} as step_list
    from {{ ref('stg_product__funnels') }}
),

staged as (
    select * from versions
    where exists (select 1 from {{ json_elements('versions.step_list') }} as listed (element, position))
),

step_counts as (
    select
        funnel_id,
        count(*) as steps
    from {{ ref('int_product__funnel_steps') }}
    where predicate > 0
    group by funnel_id
),

expected_funnels as (
    select
        id,
        name,
        description,
        cast(steps as text) as steps,
        created_at
    from staged
    where not exists (
        select 1
        from staged as smaller
        where smaller.name = staged.name and {{ binary_order('smaller.id') }} < {{ binary_order('staged.id') }}
    )
),

listed_steps as (
    select
        staged.*,
        listed.element,
        listed.position as predicate
    from staged
    inner join expected_funnels on staged.id = expected_funnels.id
    cross join lateral {{ json_elements('staged.step_list') }} as listed (element, position)
),

expected_steps as (
    select
        id as funnel_id,
        predicate,
        {{ json_text_of_key('element', "'event_name'") }} as event_name,
        {{ json_text_of_key('element', "'event_type'") }} as event_type,
        {{ json_text_of_key('element', "'where'") }} as conditions,
        cast(null as bigint) as after_step,
        cast(null as bigint) as before_step,
        count(*) over (partition by id) as steps,
        coalesce(
            cast({{ json_text_of_key('steps', "'window_seconds'") }} as bigint),
            {{ var('funnel_window_days') | int * 86400 }}
        ) as window_seconds,
        coalesce({{ json_text_of_key('steps', "'order'") }}, 'ordered') as step_order
    from listed_steps
),

expected_predicates as (
    select * from expected_steps
    union all
    select
        expected_steps.funnel_id,
        -listed.position as predicate,
        {{ json_text_of_key('listed.element', "'event_name'") }} as event_name,
        {{ json_text_of_key('listed.element', "'event_type'") }} as event_type,
        {{ json_text_of_key('listed.element', "'where'") }} as conditions,
        coalesce(cast({{ json_text_of_key('listed.element', "'after_step'") }} as bigint), 1) as after_step,
        coalesce(
            cast({{ json_text_of_key('listed.element', "'before_step'") }} as bigint), expected_steps.steps
        ) as before_step,
        expected_steps.steps,
        expected_steps.window_seconds,
        expected_steps.step_order
    from listed_steps as sent
    inner join expected_steps on sent.id = expected_steps.funnel_id and expected_steps.predicate = 1
    cross join lateral {{ json_elements(json_member('sent.steps', 'exclusions')) }} as listed (element, position)
    where sent.predicate = 1
),

actual_predicates as (
    select
        funnel_id,
        predicate,
        event_name,
        event_type,
        cast(conditions as text) as conditions,
        after_step,
        before_step,
        steps,
        window_seconds,
        step_order
    from {{ ref('int_product__funnel_steps') }}
),

actual_funnels as (
    select
        id,
        name,
        description,
        cast(steps as text) as steps,
        created_at
    from {{ ref('funnels') }}
),

expected_conversions as (
    select
        entries.id,
        entries.funnel_id,
        entries.user_id,
        entries.session_id,
        entries.started_at,
        entries.completed_at,
        entries.current_step,
        cast(entries.current_step = step_counts.steps as text) as completed,
        entries.step_timestamps
    from {{ tested_rows(ref('int_product__funnel_entries')) }} as entries
    inner join step_counts on entries.funnel_id = step_counts.funnel_id
),

actual_conversions as (
    select
        conversions.id,
        conversions.funnel_id,
        conversions.user_id,
        conversions.session_id,
        conversions.started_at,
        conversions.completed_at,
        conversions.current_step,
        cast(conversions.completed as text) as completed,
        conversions.step_timestamps
    from {{ ref('funnel_conversions') }} as conversions
    inner join expected_conversions on conversions.id = expected_conversions.id
)

select
    relation,
    id,
    finding
from ({{ reconciled(
    'funnels', 'expected_funnels', 'actual_funnels', ['id'], ['name', 'description', 'steps', 'created_at']
) }}) as funnels_shown
union all
select
    relation,
    id,
    finding
from ({{ reconciled(
    'funnel_conversions', 'expected_conversions', 'actual_conversions', ['id'],
    [
        'funnel_id', 'user_id', 'session_id', 'started_at', 'completed_at', 'current_step', 'completed',
        'step_timestamps',
    ]
) }}) as conversions_shown
union all
select
    relation,
    funnel_id as id,
    finding
from ({{ reconciled(
    'int_product__funnel_steps', 'expected_predicates', 'actual_predicates', ['funnel_id', 'predicate'],
    [
        'event_name', 'event_type', 'conditions', 'after_step', 'before_step', 'steps', 'window_seconds',
        'step_order',
    ]
) }}) as predicates_shown
