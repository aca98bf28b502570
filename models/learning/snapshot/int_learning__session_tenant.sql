-- One row per session: the tenant that its first event names.
-- depends_on: {{ ref('int_learning__touched_sessions') }}
with events as (
    select * from {{ ref('stg_learning__events') }} as events
    where {{ is_touched('session', 'events') }}
),

ranked as (
    select
        *,
        row_number() over (
            partition by learner_id, session_id
            order by
                case when tenant_id is null then 1 else 0 end,
                at_microseconds,
                {{ binary_order('event_id') }}
        ) as preference
    from events
)

select
    session_id,
    learner_id,
    coalesce(tenant_id, 'default') as tenant_id
from ranked
where preference = 1
