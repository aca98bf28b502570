-- One row per session whose sender's duration is more than a second off end minus start; reported, not repaired.
with sessions as (
    select * from {{ ref('stg_training__session_log') }}
)

select  -- noqa: ST06
    'training' as area,
    'session_log' as table_name,
    session_id,
    user_id,
    business_date,
    start_time,
    end_time,
    duration_sec,
    duration_seconds,
    duration_sec - duration_seconds as difference_seconds,
    _batch_id as batch_id,
    _line_number as line_number
from sessions
where is_duration_mismatch
