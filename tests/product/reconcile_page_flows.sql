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
        sessions.actor,
        sessions.session_id,
        sessions.started_at as session_started_at,
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

expected_steps as (
    select
        later.actor,
        later.session_id,
        later.session_started_at,
        later.event_date,
        earlier.page as from_page,
        later.page as to_page,
        count(*) as transitions
    from numbered as later
    inner join numbered as earlier on later.id_of_session = earlier.id_of_session and later.place = earlier.place + 1
    where later.page <> earlier.page and later.event_date in (select tested_events.event_date from tested_events)
    group by
        later.actor, later.session_id, later.session_started_at, later.event_date, earlier.page, later.page
),

actual_steps as (
    select steps.* from {{ tested_rows(ref('int_product__page_steps'), 'product_date', 'event_date') }} as steps
),

expected as (
    select
        event_date as date,
        from_page,
        to_page,
        sum(transitions) as transitions,
        count(*) as sessions
    from expected_steps
    group by event_date, from_page, to_page
),

actual as (
    select flows.* from {{ tested_rows(ref('page_flows')) }} as flows
)

select
    relation,
    date,
    from_page,
    to_page,
    finding
from (
    {{ reconciled('page_flows', 'expected', 'actual', ['date', 'from_page', 'to_page'], ['transitions', 'sessions']) }}
) as flows_found
union all
select
    relation,
    event_date as date,
    from_page,
    to_page,
    finding
from (
    {{ reconciled(
        'int_product__page_steps', 'expected_steps', 'actual_steps',
        ['actor', 'session_id', 'session_started_at', 'event_date', 'from_page', 'to_page'], ['transitions']
    ) }}
) as steps_found
