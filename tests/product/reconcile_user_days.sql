-- A day of a user is what its events say; its time is that of the pauses between the events of each session, split at
-- midnight. Of a pause, days without an event of the user go to the day of the event before. What a breakdown says of
-- each event name is read from its text.
with days as (
    select
        days.actor,
        days.user_id,
        days.date
    from {{ tested_rows(ref('int_product__user_day')) }} as days
    union
    select
        events.actor,
        events.user_id,
        events.event_date as date
    from {{ tested_rows(ref('int_product__events'), 'actor_day', 'event_date') }} as events
    where events.user_id is not null and events.is_counted
),

events as (
    select
        events.*,
        case
            when
                events.session_id is null
                and events.timestamp <= lag(events.timestamp) over (
                    partition by events.actor, events.session_id order by events.timestamp
                ) + {{ session_gap_minutes() }} * interval '1 minute'
                then 0
            else 1
        end as begins_cut
    from {{ ref('int_product__events') }} as events
    where events.is_counted and events.actor in (select days.actor from days)
),

numbered as (
    select
        *,
        case
            when session_id is null
                then sum(begins_cut) over (
                    partition by actor, session_id order by timestamp rows between unbounded preceding and current row
                )
            else 0
        end as session_number
    from events
),

timed as (
    select
        *,
        min(timestamp) over (partition by actor, session_id, session_number) as started_at,
        lead(timestamp) over (partition by actor, session_id, session_number order by timestamp) as next_at
    from numbered
),

pauses as (
    select
        *,
        {{ session_ms('started_at', 'next_at') }} - {{ session_ms('started_at', 'timestamp') }} as pause_ms
    from timed
    where next_at is not null
),

user_dates as (
    select distinct
        actor,
        event_date as date
    from events
),

parts as (
    select
        pauses.actor,
        pauses.event_id,
        pauses.event_date,
        pauses.pause_ms,
        dates.date,
        {{ session_ms(
            'pauses.started_at', 'least(pauses.next_at, cast(' ~ add_days('dates.date', 1) ~ ' as timestamp))'
        ) }}
        - {{ session_ms('pauses.started_at', 'greatest(pauses.timestamp, cast(dates.date as timestamp))') }} as part_ms
    from pauses
    inner join user_dates as dates
        on
            pauses.actor = dates.actor
            and pauses.event_date <= dates.date
            and dates.date <= cast(pauses.next_at as date)
    where cast(pauses.next_at as date) > pauses.event_date
),

times as (
    select
        actor,
        date,
        sum(part_ms) as total_ms
    from (
        select
            actor,
            date,
            part_ms
        from parts
        union all
        select
            actor,
            event_date as date,
            pause_ms as part_ms
        from pauses
        where cast(next_at as date) = event_date
        union all
        select
            actor,
            event_date as date,
            max(pause_ms) - sum(part_ms) as part_ms
        from parts
        group by actor, event_id, event_date
    ) as all_parts
    group by actor, date
),

expected_names as (
    select
        days.user_id,
        days.date,
        events.event_name,
        count(*) as events
    from events
    inner join days on events.actor = days.actor and events.event_date = days.date
    group by days.user_id, days.date, events.event_name
),

expected as (
    select
        days.user_id,
        days.date,
        md5(days.user_id || chr(31) || cast(days.date as text)) as id,
        count(distinct coalesce('s' || timed.session_id, cast(timed.session_number as text))) as session_count,
        count(*) as event_count,
        coalesce(max(times.total_ms), 0) as total_duration_ms,
        min(timed.timestamp) as first_seen_at,
        max(timed.timestamp) as last_seen_at
    from timed
    inner join days on timed.actor = days.actor and timed.event_date = days.date
    left join times on timed.actor = times.actor and timed.event_date = times.date
    group by days.user_id, days.date
),

actual as (
    select activity.*
    from {{ ref('user_activity') }} as activity
    inner join days on activity.user_id = days.user_id and activity.date = days.date
),

actual_names as (
    select
        actual.user_id,
        actual.date,
        members.key as event_name,
        cast(cast(members.value as text) as bigint) as events
    from actual
    cross join lateral {{ json_members('cast(actual.events_breakdown as json)') }} as members
)

select
    relation,
    user_id,
    date,
    '' as event_name,
    finding
from (
    {{ reconciled(
        'user_activity', 'expected', 'actual', ['user_id', 'date'],
        ['id', 'session_count', 'event_count', 'total_duration_ms', 'first_seen_at', 'last_seen_at']
    ) }}
) as days_found
union all
select
    relation,
    user_id,
    date,
    event_name,
    finding
from (
    {{ reconciled(
        'user_activity', 'expected_names', 'actual_names', ['user_id', 'date', 'event_name'], ['events']
    ) }}
) as names_found
