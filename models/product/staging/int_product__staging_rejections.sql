-- One row per raw record that staging turns away: a funnel whose name belongs to a funnel with a smaller id.
with funnels as (
    select
        *,
        {{ funnel_step_list('steps') }} as step_list
    from {{ ref('stg_product__funnels') }}
),

-- a funnel without steps is withdrawn, and its name is free
ranked as (
    select
        *,
        row_number() over (partition by name order by {{ binary_order('id') }}) as place
    from funnels
    where exists (select 1 from {{ json_elements('funnels.step_list') }} as listed (element, position))
)

select
    'funnels' as table_name,
    _batch_id as batch_id,
    _line_number as line_number,
    id as record_id,
    'E_SCHEMA_MISMATCH' as code,
    'name_taken' as reason,
    'name' as column_name,
    'name belongs to another funnel, whose id is smaller' as message,
    cast(null as bigint) as settled_in_batch
from ranked
where place > 1
