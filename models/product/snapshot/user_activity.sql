-- One row per user and UTC day on which the user has an event that counts.
select
    {{ key_digest(['user_id', 'date']) }} as id,
    user_id,
    date,
    session_count,
    event_count,
    total_duration_ms,
    first_seen_at,
    last_seen_at,
    events_breakdown
from {{ ref('int_product__user_day') }}
