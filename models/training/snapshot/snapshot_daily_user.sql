-- One row per user and local day with any record; state columns are as of the end of the day.
with activity as (
    {{ user_activity(ref('int_training__user_day')) }}
),

user_states as (
    {{ user_state('activity', ['date']) }}
)

select
    date,
    user_id,
    module_completed,
    quiz_completed,
    saleslab_sessions,
    xp_total,
    badges_owned,
    latest_module_version,
    latest_scenario_version,
    latest_prompt_version,
    region_id,
    country_id,
    branch_id,
    team_id
from user_states
