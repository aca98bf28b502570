-- One row per action, user and UTC day on which the user did it. An action is an event name that retention asks for, or
-- '' for any event.
-- depends_on: {{ ref('int_product__touched_sessions') }}
with events as (
    select events.* from {{ ref('int_product__events') }} as events
    where
        events.is_counted
        and events.user_id is not null
        and {{ is_touched('actor_day', 'events', 'event_date') }}
),

definitions as (
    select * from {{ ref('product_retention') }}
),

asked_names as (
    select first_event as event_name from definitions
    union
    select return_event as event_name from definitions
),

actions as (
    select
        '' as action_name,
        actor,
        event_date,
        timestamp,
        event_id
    from events
    union all
    select
        events.event_name as action_name,
        events.actor,
        events.event_date,
        events.timestamp,
        events.event_id
    from events
    inner join asked_names on events.event_name = asked_names.event_name
),

ordered as (
    select
        *,
        row_number() over (
            partition by action_name, actor, event_date order by timestamp, {{ binary_order('event_id') }}
        ) as place,
        count(*) over (partition by action_name, actor, event_date) as events
    from actions
)

select
    action_name,
    actor,
    event_date as date,
    max(events) as events,
    min(timestamp) as first_at,
    max(case when place = 1 then event_id end) as first_event_id,
    max(timestamp) as last_at,
    max(case when place = events then event_id end) as last_event_id
from ordered
group by action_name, actor, event_date
