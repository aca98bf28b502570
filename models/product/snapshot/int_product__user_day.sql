-- One row per user and UTC day on which the user has an event that counts.
-- Time of a session on a day without such a row goes to the day of the session's event before.
-- depends_on: {{ ref('int_product__touched_sessions') }}
with events as (
    select events.* from {{ ref('int_product__events') }} as events
    where
        events.is_counted
        and events.user_id is not null
        and {{ is_touched('user_day', 'events', 'event_date') }}
),

days as (
    select
        actor,
        user_id,
        event_date as date,
        cast(event_date as timestamp) as begins_at,
        cast({{ add_days('event_date', 1) }} as timestamp) as ends_at,
        count(*) as event_count,
        min(timestamp) as first_seen_at,
        max(timestamp) as last_seen_at
    from events
    group by actor, user_id, event_date
),

names as (
    select
        actor,
        event_date as date,
        event_name,
        count(*) as events
    from events
    group by actor, event_date, event_name
),

breakdowns as (
    select
        actor,
        date,
        '{' || string_agg(
            {{ json_string('event_name') }} || ':' || cast(events as text),
            ',' order by {{ binary_order('event_name') }}
        ) || '}' as events_breakdown
    from names
    group by actor, date
),

sessions as (
    select
        sessions.*,
        cast(sessions.ended_at as date) as ended_date,
        cast(sessions.ended_at as date) - sessions.started_date > 1 as is_long
    from {{ ref('int_product__sessions') }} as sessions
    where
        sessions.ended_at >= (select cast(min(days.date) as timestamp) from days)
        and sessions.actor in (select days.actor from days)
),

parts as (
    select
        days.actor,
        days.date,
        sessions.session_id,
        sessions.is_long,
        {{ session_ms('sessions.started_at', 'least(sessions.ended_at, days.ends_at)') }}
        - {{ session_ms('sessions.started_at', 'greatest(sessions.started_at, days.begins_at)') }} as part_ms
    from days
    inner join sessions
        on
            days.actor = sessions.actor
            and days.date >= sessions.started_date
            and days.date <= sessions.ended_date
),

-- a session that spans whole days need not have an event on each; one of a day or two has, and so has one that is cut
long_session_days as (
    select
        event_days.*,
        lead(event_days.date) over (
            partition by event_days.actor, event_days.session_id order by event_days.date
        ) as next_date
    from (
        select distinct
            events.actor,
            events.session_id,
            events.event_date as date
        from {{ ref('int_product__events') }} as events
        inner join sessions
            on
                events.actor = sessions.actor
                and events.session_id = sessions.session_id
                and events.event_date >= sessions.started_date
                and events.event_date <= sessions.ended_date
        where sessions.is_long and events.is_counted
    ) as event_days
),

empty_days as (
    select
        session_days.actor,
        session_days.session_id,
        session_days.date,
        max(session_days.next_date - session_days.date - 1) - count(other_days.date) as days
    from long_session_days as session_days
    left join {{ ref('int_product__action_day') }} as other_days
        on
            session_days.actor = other_days.actor
            and other_days.action_name = ''
            and session_days.date < other_days.date
            and session_days.next_date > other_days.date
    group by session_days.actor, session_days.session_id, session_days.date
),

totals as (
    select
        parts.actor,
        parts.date,
        count(case when not parts.is_long or empty_days.date is not null then 1 end) as session_count,
        sum(parts.part_ms + coalesce(empty_days.days, 0) * {{ 24 * 3600 * 1000 }}) as total_duration_ms
    from parts
    left join empty_days
        on
            parts.is_long
            and parts.actor = empty_days.actor
            and parts.session_id = empty_days.session_id
            and parts.date = empty_days.date
    group by parts.actor, parts.date
)

select
    days.actor,
    days.user_id,
    days.date,
    cast(coalesce(totals.session_count, 0) as bigint) as session_count,
    days.event_count,
    cast(coalesce(totals.total_duration_ms, 0) as bigint) as total_duration_ms,
    days.first_seen_at,
    days.last_seen_at,
    breakdowns.events_breakdown
from days
inner join breakdowns on days.actor = breakdowns.actor and days.date = breakdowns.date
left join totals on days.actor = totals.actor and days.date = totals.date
