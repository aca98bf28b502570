-- One row per session: a supplied id and whose it is, or a stretch of a user's events without one.
select
    id,
    user_id,
    started_at,
    ended_at,
    duration_ms,
    event_count,
    device_type,
    browser,
    os,
    country,
    city,
    referrer,
    landing_page,
    exit_page
from {{ ref('int_product__sessions') }}
