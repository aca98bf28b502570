-- One row per funnel, actor and entry: how far the actor came within the window.
with entries as (
    select * from {{ ref('int_product__funnel_entries') }}
)

select
    id,
    funnel_id,
    user_id,
    session_id,
    started_at,
    completed_at,
    current_step,
    completed,
    step_timestamps
from entries
