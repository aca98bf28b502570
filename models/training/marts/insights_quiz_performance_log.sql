-- One row per quiz session: quizPerformanceLog of the insights contract; a quiz without an outcome is not completed.
with sessions as (
    select * from {{ ref('int_training__sessions') }}
)

select  -- noqa: ST06
    user_id,
    business_date as date,
    session_id,
    start_time,
    end_time,
    duration_seconds,
    outcome,
    outcome is not null as is_completed,
    coalesce(outcome = 'success', false) as is_passed,
    turn_count,
    correct_answers,
    module_version,
    scenario_version,
    prompt_version,
    region_id,
    country_id,
    branch_id,
    team_id
from sessions
where
    canonical_engine = 'quiz'
    and business_date <= {{ as_of_date() }}
