-- A session without a sent id begins with an event before which its user did nothing for as long as a pause may be, and
-- goes on to the last event before the next such one. A sent id is one session for each who acts under it.
{%- set keys = ['device_type', 'browser', 'os', 'country', 'city'] %}
with tested as (
    select sessions.actor from {{ tested_rows(ref('int_product__sessions')) }} as sessions
    union
    select events.actor from {{ tested_rows(ref('int_product__events'), 'actor_day', 'event_date') }} as events
),

events as (
    select
        events.*,
        coalesce(events.session_id, '') as sent_id
    from {{ ref('int_product__events') }} as events
    inner join tested on events.actor = tested.actor
    where events.is_counted
),

beginnings as (
    select distinct
        events.actor,
        events.sent_id,
        events.timestamp
    from events
    where not exists (
        select 1
        from events as earlier
        where
            earlier.actor = events.actor
            and earlier.sent_id = events.sent_id
            and earlier.timestamp < events.timestamp
            and (
                events.sent_id <> ''
                or earlier.timestamp >= events.timestamp - {{ session_gap_minutes() }} * interval '1 minute'
            )
    )
),

placed as (
    select
        events.*,
        -- the last beginning up to the event, among events at its own instant too
        max(beginnings.timestamp) over (
            partition by events.actor, events.sent_id order by events.timestamp
        ) as began_at
    from events
    left join beginnings
        on
            events.actor = beginnings.actor
            and events.sent_id = beginnings.sent_id
            and events.timestamp = beginnings.timestamp
),

places as (
    select
        *,
        row_number() over (
            partition by actor, sent_id, began_at order by timestamp, {{ binary_order('event_id') }}
        ) as place
    from placed
),

first_places as (
    select
        actor,
        sent_id,
        began_at,
        {%- for key in keys %}
        min(case when {{ json_text('context', key) }} is not null then place end) as {{ key }}_place,
        {%- endfor %}
        min(case when referrer is not null then place end) as referrer_place,
        min(case when page_url is not null then place end) as landing_place,
        max(case when page_url is not null then place end) as exit_place,
        max(place) as event_count,
        max(timestamp) as ended_at
    from places
    group by actor, sent_id, began_at
),

owners as (
    select
        events.session_id,
        count(distinct events.actor) as owners
    from {{ ref('int_product__events') }} as events
    where events.is_counted and events.session_id is not null
    group by events.session_id
),

expected as (
    select
        case
            when owners.owners = 1 then firsts.sent_id
            when owners.owners > 1
                then 'strata:' || md5('shared' || length(firsts.sent_id) || ':' || firsts.sent_id || firsts.actor)
            else
                'strata:'
                || md5('cut' || length(firsts.actor) || ':' || firsts.actor || {{ microseconds_of('firsts.began_at') }})
        end as id,
        max(places.user_id) as user_id,
        firsts.began_at as started_at,
        firsts.ended_at,
        cast(
            floor({{ seconds_between('firsts.began_at', 'firsts.ended_at') }} * 1000 + cast('0.0001' as float8))
            as bigint
        ) as duration_ms,
        firsts.event_count,
        {%- for key in keys %}
        max(
            case when places.place = firsts.{{ key }}_place then {{ json_text('places.context', key) }} end
        ) as {{ key }},
        {%- endfor %}
        max(case when places.place = firsts.referrer_place then places.referrer end) as referrer,
        max(case when places.place = firsts.landing_place then places.page_url end) as landing_page,
        max(case when places.place = firsts.exit_place then places.page_url end) as exit_page
    from first_places as firsts
    inner join places
        on
            firsts.actor = places.actor
            and firsts.sent_id = places.sent_id
            and firsts.began_at = places.began_at
    left join owners on firsts.sent_id = owners.session_id
    group by
        firsts.actor, firsts.sent_id, firsts.began_at, firsts.ended_at, firsts.event_count, owners.owners
),

actual as (
    select sessions.*
    from {{ ref('analytics_sessions') }} as sessions
    inner join {{ ref('int_product__sessions') }} as found on sessions.id = found.id
    inner join tested on found.actor = tested.actor
)

{{ reconciled('analytics_sessions', 'expected', 'actual', ['id'], [
    'user_id', 'started_at', 'ended_at', 'duration_ms', 'event_count', 'device_type', 'browser', 'os', 'country', 'city',
    'referrer', 'landing_page', 'exit_page',
]) }}
