-- One row per user, local day and hour with any record; state columns are as of the end of the hour.
with user_hours as (
    {{ user_activity(ref('int_training__user_hour')) }}
),

activity as (
    select
        *,
        business_hour as hour
    from user_hours
),

user_states as (
    {{ user_state('activity', ['date', 'hour']) }}
)

select
    date,
    hour,
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
