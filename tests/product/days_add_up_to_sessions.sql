-- The time of a user's days is the time of the user's sessions.
with days as (
    select
        user_id,
        sum(total_duration_ms) as total_ms
    from {{ ref('user_activity') }}
    group by user_id
),

sessions as (
    select
        user_id,
        sum(duration_ms) as total_ms
    from {{ ref('int_product__sessions') }}
    where user_id is not null
    group by user_id
)

select
    days.total_ms as ms_of_days,
    sessions.total_ms as ms_of_sessions,
    coalesce(days.user_id, sessions.user_id) as user_id
from days
full outer join sessions on days.user_id = sessions.user_id
where days.total_ms is distinct from sessions.total_ms
