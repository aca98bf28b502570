-- One row per actor as sent and UTC day that a rule on the whole day flags as a bot's.
-- depends_on: {{ ref('int_product__touched_actors') }}
with events as (
    select * from {{ ref('stg_product__events') }} as events
    where
        {{ is_touched('sent_actor_day', 'events', 'event_date') }}
        and events.sent_actor <> ''
        and events.timestamp < {{ as_of_end() }}
),

rules as (
    select * from {{ ref('product_bot_rules') }}
    where is_enabled
),

minutes as (
    select
        sent_actor,
        event_date,
        count(*) as events
    from events
    group by sent_actor, event_date, date_trunc('minute', timestamp)
),

days as (
    select
        sent_actor,
        event_date,
        sum(events) as events,
        max(events) as events_in_a_minute
    from minutes
    group by sent_actor, event_date
)

select
    days.sent_actor,
    days.event_date,
    min({{ binary_order('rules.rule') }}) as bot_rule
from days
inner join rules
    on
        (rules.kind = 'rate' and days.events_in_a_minute > rules.threshold)
        or (rules.kind = 'one_hit' and days.events = 1)
group by days.sent_actor, days.event_date
