-- Actions of users by day, counted from the events of these days; first and last event by the instant, then the id.
with days as (
    select
        days.actor,
        days.date
    from {{ tested_rows(ref('int_product__action_day')) }} as days
    union
    select
        events.actor,
        events.event_date as date
    from {{ tested_rows(ref('int_product__events'), 'actor_day', 'event_date') }} as events
    where events.user_id is not null and events.is_counted
),

asked as (
    select '' as action_name
    union
    select first_event as action_name from {{ ref('product_retention') }}
    where first_event is not null
    union
    select return_event as action_name from {{ ref('product_retention') }}
    where return_event is not null
),

events as (
    select
        asked.action_name,
        events.actor,
        events.event_date as date,
        events.timestamp,
        events.event_id
    from {{ ref('int_product__events') }} as events
    inner join days on events.actor = days.actor and events.event_date = days.date
    inner join asked on asked.action_name in ('', events.event_name)
    where events.is_counted and events.user_id is not null
),

ends as (
    select
        action_name,
        actor,
        date,
        count(*) as events,
        min(timestamp) as first_at,
        max(timestamp) as last_at
    from events
    group by action_name, actor, date
),

expected as (
    select
        ends.action_name,
        ends.actor,
        ends.date,
        ends.events,
        ends.first_at,
        ends.last_at,
        min(case when events.timestamp = ends.first_at then {{ binary_order('events.event_id') }} end)
            as first_event_id,
        max(case when events.timestamp = ends.last_at then {{ binary_order('events.event_id') }} end) as last_event_id
    from ends
    inner join events on ends.action_name = events.action_name and ends.actor = events.actor and ends.date = events.date
    group by ends.action_name, ends.actor, ends.date, ends.events, ends.first_at, ends.last_at
),

actual as (
    select action_days.*
    from {{ ref('int_product__action_day') }} as action_days
    inner join days on action_days.actor = days.actor and action_days.date = days.date
)

{{ reconciled(
    'int_product__action_day', 'expected', 'actual', ['action_name', 'actor', 'date'],
    ['events', 'first_at', 'first_event_id', 'last_at', 'last_event_id']
) }}
