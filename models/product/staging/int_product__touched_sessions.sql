-- One row per batch, actor, session as sent and UTC day on which the batch may change a session or a day of the actor.
-- It does not ask which links stand, nor who is a bot, since as_of decides that too: it names whom it may concern.
with recursive places as (
    select * from {{ ref('int_product__touched_actors') }} as places
    where {{ is_touched('batch', 'places', 'batch_id') }}
),

-- A day that is flagged changes all sessions of its actor.
touched_ids as (
    select
        batch_id,
        session_id
    from places
    where session_id <> ''
    union
    select
        places.batch_id,
        events.session_id
    from places
    inner join {{ ref('stg_product__events') }} as events
        on places.sent_actor = events.sent_actor and places.event_date = events.event_date
    where events.session_id is not null
),

-- Whose session it may be can change on all its days, and with it the id of the others' sessions.
days_of_ids as (
    select
        batch_id,
        session_id,
        sent_actor,
        event_date
    from places
    where session_id <> ''
    union
    select
        touched.batch_id,
        touched.session_id,
        events.sent_actor,
        events.event_date
    from touched_ids as touched
    inner join {{ ref('stg_product__events') }} as events on touched.session_id = events.session_id
),

named_users as (
    select distinct
        days.batch_id,
        days.session_id,
        days.sent_actor
    from days_of_ids as days
    where days.sent_actor <> 's:' || days.session_id
),

actors_of_ids as (
    select
        batch_id,
        session_id,
        sent_actor as actor,
        event_date
    from days_of_ids
    union
    select
        days.batch_id,
        days.session_id,
        users.sent_actor as actor,
        days.event_date
    from days_of_ids as days
    inner join named_users as users on days.batch_id = users.batch_id and days.session_id = users.session_id
    where days.sent_actor = 's:' || days.session_id
),

-- Days without a session id belong together where a session may run over the midnight between them.
chains as (
    select
        places.batch_id,
        places.event_date as of_date,
        days.sent_actor,
        days.session_id,
        days.event_date,
        days.first_at,
        days.last_at
    from places
    inner join {{ ref('int_product__touched_actors') }} as days
        on places.sent_actor = days.sent_actor and places.event_date = days.event_date
    where days.session_id = '' and days.sent_actor <> ''
    union
    select
        chains.batch_id,
        chains.of_date,
        days.sent_actor,
        days.session_id,
        days.event_date,
        days.first_at,
        days.last_at
    from chains
    inner join {{ ref('int_product__touched_actors') }} as days
        on
            chains.sent_actor = days.sent_actor
            and {{ add_days('chains.event_date', -1) }} <= days.event_date
            and {{ add_days('chains.event_date', 1) }} >= days.event_date
    where
        days.session_id = ''
        and (
            days.event_date = chains.event_date
            or (
                days.first_at <= chains.last_at + {{ session_gap_minutes() }} * interval '1 minute'
                and days.last_at >= chains.first_at - {{ session_gap_minutes() }} * interval '1 minute'
            )
        )
),

touched as (
    select
        batch_id,
        actor,
        session_id,
        event_date,
        min(event_date) over (partition by batch_id, session_id) as first_date,
        max(event_date) over (partition by batch_id, session_id) as last_date
    from actors_of_ids
    union all
    select
        batch_id,
        sent_actor as actor,
        session_id,
        event_date,
        min(event_date) over (partition by batch_id, of_date, sent_actor) as first_date,
        max(event_date) over (partition by batch_id, of_date, sent_actor) as last_date
    from chains
    union all
    select
        batch_id,
        sent_actor as actor,
        session_id,
        event_date,
        event_date as first_date,
        event_date as last_date
    from places
    where sent_actor = ''
)

select
    batch_id,
    actor,
    session_id,
    event_date,
    cast(min(first_date) as timestamp) as first_at,
    cast({{ add_days('max(last_date)', 1) }} as timestamp) as last_at
from touched
group by batch_id, actor, session_id, event_date
