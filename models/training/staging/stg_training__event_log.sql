-- One row per event_id: the winner of its copies, if it is in scope.
-- depends_on: {{ ref('int_training__touched_user_days') }}
with records as (
    select * from {{ source('training', 'event_log') }} as records
    where {{ touched_event_dates('records') }}
),

losers as (
    select * from {{ ref('int_training__repeated_records') }}
    where record_table = 'event_log' and not is_winner
),

placed as (
    {{ place_in_scope('records', 'timestamp') }}
),

touched as (
    select
        records.*,
        placed.business_date,
        placed.business_hour
    from records
    inner join placed
        on records._batch_id = placed._batch_id and records._line_number = placed._line_number
    left join losers
        on records._batch_id = losers._batch_id and records._line_number = losers._line_number
    where losers._batch_id is null
)

select
    event_id,
    timestamp,
    user_id,
    event_type,
    module_id,
    quiz_id,
    scenario_id,
    turn_index,
    action,
    module_version,
    scenario_version,
    prompt_version,
    region_id,
    country_id,
    branch_id,
    team_id,
    business_date,
    business_hour,
    _batch_id,
    _line_number
from touched
where {{ is_touched('user_day', 'touched') }}
