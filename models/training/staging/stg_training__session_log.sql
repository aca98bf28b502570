-- One row per session_id: the winner of its copies, if it is in scope. A session belongs to the day of its start.
-- depends_on: {{ ref('int_training__touched_user_days') }}
with records as (
    select
        records.*,
        {{ seconds_between('records.start_time', 'records.end_time') }} as duration_seconds
    from {{ source('training', 'session_log') }} as records
    where {{ touched_event_dates('records') }}
),

engines as (
    select * from {{ ref('training_engines') }}
),

losers as (
    select * from {{ ref('int_training__repeated_records') }}
    where record_table = 'session_log' and not is_winner
),

placed as (
    {{ place_in_scope('records', 'start_time') }}
),

touched as (
    select
        records.*,
        placed.business_date,
        placed.business_hour,
        engines.canonical_engine
    from records
    inner join placed
        on records._batch_id = placed._batch_id and records._line_number = placed._line_number
    inner join engines on records.engine = engines.engine
    left join losers
        on records._batch_id = losers._batch_id and records._line_number = losers._line_number
    where losers._batch_id is null
)

select
    session_id,
    user_id,
    engine,
    start_time,
    end_time,
    duration_sec,
    outcome,
    turn_count,
    correct_answers,
    upsell_attempts,
    upsell_success,
    module_version,
    scenario_version,
    prompt_version,
    region_id,
    country_id,
    branch_id,
    team_id,
    business_date,
    business_hour,
    canonical_engine,
    duration_seconds,
    abs(duration_seconds - duration_sec) > 1 as is_duration_mismatch,
    _batch_id,
    _line_number
from touched
where {{ is_touched('user_day', 'touched') }}
