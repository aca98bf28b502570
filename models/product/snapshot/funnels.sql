-- One row per funnel that is in force, its definition as sent.
with funnels as (
    select * from {{ ref('stg_product__funnels') }}
),

in_force as (
    select distinct funnel_id from {{ ref('int_product__funnel_steps') }}
)

select
    funnels.id,
    funnels.name,
    funnels.description,
    funnels.steps,
    funnels.created_at
from funnels
inner join in_force on funnels.id = in_force.funnel_id
