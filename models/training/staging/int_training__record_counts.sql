-- One row per batch and kind: how many of its records are in raw, in staging, or were replaced by a later one.
with superseded as (
    select org_scope._batch_id
    from {{ source('training', 'org_scope') }} as org_scope
    left join {{ ref('stg_training__org_scope') }} as staged
        on
            org_scope._batch_id = staged._batch_id
            and org_scope._line_number = staged._line_number
    where staged._batch_id is null
),

counts as (
    {%- for table in ['event_log', 'interaction_log', 'session_log', 'org_scope'] %}
    {{ counted_by_batch('raw', source('training', table)) }}
    union all
    {{ counted_by_batch('staged', ref('stg_training__' ~ table)) }}
    union all
    {%- endfor %}
    {{ counted_by_batch('superseded', 'superseded') }}
)

select
    batch_id,
    kind,
    records
from counts
