-- One row per batch, actor as sent, session as sent and UTC day on which the batch may change what events count for.
-- Events of the actor's day may flag it as a bot; what an identify event says counts on all days of its session.
with positions as (
    select
        arrivals._batch_id as cause,
        {{ sent_actor('arrivals') }} as sent_actor,
        arrivals.session_id,
        arrivals._event_date as event_date,
        {{ is_evidence('arrivals') }} as is_evidence,
        arrivals.timestamp
    from {{ source('product', 'analytics_events') }} as arrivals
    where {{ is_touched('batch', 'arrivals', '_batch_id') }}
    union all
    select
        arrived._batch_id as cause,
        copies.sent_actor,
        copies.session_id,
        copies.event_date,
        copies.is_evidence,
        copies.timestamp
    from {{ ref('int_product__duplicate_events') }} as arrived
    inner join {{ ref('int_product__duplicate_events') }} as copies
        on arrived.id = copies.id and arrived._batch_id >= copies._batch_id
    where {{ is_touched('batch', 'arrived', '_batch_id') }}
),

places as (
    select
        cause,
        sent_actor,
        event_date,
        coalesce(session_id, '') as session_id,
        bool_or(is_evidence) as is_evidence,
        min(timestamp) as first_at,
        max(timestamp) as last_at
    from positions
    group by cause, sent_actor, event_date, coalesce(session_id, '')
),

-- What the batch brings, and what stands on a day of its actors, which it may flag.
changed_evidence as (
    select
        cause,
        sent_actor,
        session_id,
        event_date
    from places
    where is_evidence
    union
    select
        places.cause,
        events.sent_actor,
        events.session_id,
        events.event_date
    from places
    inner join {{ ref('stg_product__events') }} as events
        on
            places.sent_actor = events.sent_actor
            and places.event_date = events.event_date
            and {{ is_evidence('events') }}
),

touched as (
    select
        cause,
        sent_actor,
        session_id,
        event_date,
        first_at,
        last_at,
        event_date as causing_date
    from places
    union all
    select
        cause,
        sent_actor,
        session_id,
        event_date,
        null as first_at,
        null as last_at,
        event_date as causing_date
    from changed_evidence
    union all
    select
        changed.cause,
        events.sent_actor,
        events.session_id,
        events.event_date,
        null as first_at,
        null as last_at,
        changed.event_date as causing_date
    from changed_evidence as changed
    inner join {{ ref('stg_product__events') }} as events
        on changed.session_id = events.session_id and events.user_id is null
    union all
    select
        places.cause,
        places.sent_actor,
        places.session_id,
        places.event_date,
        null as first_at,
        null as last_at,
        events.event_date as causing_date
    from places
    inner join {{ ref('stg_product__events') }} as events
        on places.session_id = events.session_id and {{ is_evidence('events') }}
)

-- Evidence counts, or does not, with the whole day of its actor.
select
    cause as batch_id,
    sent_actor,
    session_id,
    event_date,
    least(min(first_at), cast(min(case when first_at is null then causing_date end) as timestamp)) as first_at,
    greatest(
        max(last_at), cast({{ add_days('max(case when first_at is null then causing_date end)', 1) }} as timestamp)
    ) as last_at
from touched
group by cause, sent_actor, session_id, event_date
