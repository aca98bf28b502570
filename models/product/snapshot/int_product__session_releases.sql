-- One row per session: the version of the application that its events name, mixed where they name several.
-- depends_on: {{ ref('int_product__touched_sessions') }}
with days as (
    select
        events.event_id,
        events.timestamp,
        events.event_date,
        events.actor,
        events.user_id,
        events.app_version,
        coalesce(events.session_id, '') as session_id,
        nullif(split_part(split_part(events.page_url, '?', 1), '#', 1), '') as page
    from {{ ref('int_product__events') }} as events
    where
        events.is_counted
        and events.actor is not null
),

events as (
    select * from days as events
    where {{ is_touched('session_day', 'events', 'event_date') }}
),

numbered as (
    {{ with_session_number('events') }}
)

select
    actor,
    session_id,
    cast(min(timestamp) as date) as started_date,
    min(timestamp) as started_at,
    {{ version_label('app_version') }} as app_version,
    count(*) as event_count,
    count(distinct page) as pages,
    max(user_id) is not null as has_user
from numbered
group by actor, session_id, session_number
