-- One row per session: a supplied id and whose it is, or a stretch of a user's events without one, over any midnight.
-- depends_on: {{ ref('int_product__touched_sessions') }}
with counted as (
    select
        events.event_id,
        events.timestamp,
        events.event_date,
        events.user_id,
        events.actor,
        events.page_url,
        events.referrer,
        events.app_version,
        {{ page_of('events.page_url') }} as page,
        {%- for key in ['device_type', 'browser', 'os', 'country', 'city'] %}
        {{ json_text('events.context', key) }} as {{ key }},
        {%- endfor %}
        coalesce(events.session_id, '') as session_id
    from {{ ref('int_product__events') }} as events
    where events.is_counted and events.actor is not null
),

events as (
    select * from counted as events
    where {{ is_touched('session_day', 'events', 'event_date') }}
),

placed as (
    {{ with_session_start('events') }}
),

sessions as (
    select
        actor,
        session_id,
        max(user_id) as user_id,
        session_started_at as started_at,
        max(timestamp) as ended_at,
        count(*) as event_count,
        {%- for value in ['device_type', 'browser', 'os', 'country', 'city', 'referrer'] %}
        {{ earliest_value(value, 'place') }} as {{ value }},
        {%- endfor %}
        {{ earliest_value('page_url', 'place') }} as landing_page,
        {{ latest_value('page_url', 'place') }} as exit_page,
        {{ version_label('app_version') }} as app_version,
        count(distinct page) as pages
    from placed
    group by actor, session_id, session_started_at
),

with_owners as (
    select
        *,
        count(*) over (partition by session_id) as owners
    from sessions
)

-- Lengths keep the parts of a key apart, whatever they hold.
select
    case
        when session_id <> '' and owners = 1 then session_id
        when session_id <> '' then 'strata:' || md5('shared' || length(session_id) || ':' || session_id || actor)
        else 'strata:' || md5('cut' || length(actor) || ':' || actor || {{ microseconds_of('started_at') }})
    end as id,
    actor,
    session_id,
    user_id,
    cast(started_at as date) as started_date,
    started_at,
    ended_at,
    {{ integer_quotient(
        '(' ~ microseconds_of('ended_at') ~ ' - ' ~ microseconds_of('started_at') ~ ')', 1000
    ) }} as duration_ms,
    event_count,
    device_type,
    browser,
    os,
    country,
    city,
    referrer,
    landing_page,
    exit_page,
    app_version,
    pages
from with_owners
