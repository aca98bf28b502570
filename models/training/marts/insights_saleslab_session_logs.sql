-- One row per SalesLab session: saleslabSessionLogs of the insights contract.
-- It tells what the session's interactions showed and holds none of their text.
with sessions as (
    select * from {{ ref('int_training__sessions') }}
)

select
    user_id,
    business_date as date,
    session_id,
    start_time,
    end_time,
    duration_seconds,
    outcome,
    turn_count,
    correct_answers,
    upsell_attempts,
    upsell_success,
    interactions,
    persona_ids,
    traits,
    min_difficulty_level,
    max_difficulty_level,
    upsell_triggered_interactions,
    module_version,
    scenario_version,
    prompt_version,
    region_id,
    country_id,
    branch_id,
    team_id
from sessions
where
    canonical_engine = 'saleslab'
    and business_date <= {{ as_of_date() }}
