-- Sessions go from page to page as their events say; each event with a page comes after the last one before it. The
-- sessions are those of int_product__sessions, found by their time.
with tested_events as (
    select events.* from {{ tested_rows(ref('int_product__events'), 'product_date', 'event_date') }} as events
    where events.is_counted
),

actors as (
    select distinct actor from tested_events
),

events as (
    select
        events.event_id,
        events.event_date,
        sessions.id as id_of_session,
        events.timestamp,
        nullif(regexp_replace(events.page_url, '[?#].*$', ''), '') as page
    from {{ ref('int_product__events') }} as events
    inner join actors on events.actor = actors.actor
    inner join {{ ref('int_product__sessions') }} as sessions
        on
            events.actor = sessions.actor
            and coalesce(events.session_id, '') = sessions.session_id
            and events.timestamp >= sessions.started_at
            and events.timestamp <= sessions.ended_at
    where events.is_counted
),

numbered as (
    select
        *,
        row_number() over (partition by id_of_session order by timestamp, {{ binary_order('event_id') }}) as place
    from events
    where page is not null
),

expected as (
    select
        later.event_date as date,
        earlier.page as from_page,
        later.page as to_page,
        count(*) as transitions,
        count(distinct later.id_of_session) as sessions
    from numbered as later
    inner join numbered as earlier on later.id_of_session = earlier.id_of_session and later.place = earlier.place + 1
    where later.page <> earlier.page and later.event_date in (select tested_events.event_date from tested_events)
    group by later.event_date, earlier.page, later.page
),

actual as (
    select flows.* from {{ tested_rows(ref('page_flows')) }} as flows
)

{{ reconciled('page_flows', 'expected', 'actual', ['date', 'from_page', 'to_page'], ['transitions', 'sessions']) }}
