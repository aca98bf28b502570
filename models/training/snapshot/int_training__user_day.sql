-- One row per local day, user, scope and version triple: the hours of the day together.
with user_hours as (
    select * from {{ ref('int_training__user_hour') }} as user_hours
    where {{ is_touched('user_day', 'user_hours') }}
),

user_days as (
    select
        business_date,
        user_id,
        region_id,
        country_id,
        branch_id,
        team_id,
        module_version,
        scenario_version,
        prompt_version,
        cast(sum(records) as bigint) as records,
        cast(sum(logins) as bigint) as logins,
        cast(sum(attempts_started) as bigint) as attempts_started,
        cast(sum(attempts_completed) as bigint) as attempts_completed,
        cast(sum(quizzes_completed) as bigint) as quizzes_completed,
        cast(sum(quizzes_passed) as bigint) as quizzes_passed,
        cast(sum(saleslab_sessions) as bigint) as saleslab_sessions,
        cast(sum(upsell_attempt_sessions) as bigint) as upsell_attempt_sessions,
        cast(sum(upsell_success_sessions) as bigint) as upsell_success_sessions,
        cast(sum(xp_earned) as bigint) as xp_earned,
        {{ joined_arrays('badges_earned') }} as badges,
        max(last_record_at) as last_record_at
    from user_hours
    group by
        business_date,
        user_id,
        region_id,
        country_id,
        branch_id,
        team_id,
        module_version,
        scenario_version,
        prompt_version
)

select
    business_date,
    user_id,
    region_id,
    country_id,
    branch_id,
    team_id,
    module_version,
    scenario_version,
    prompt_version,
    records,
    logins,
    attempts_started,
    attempts_completed,
    quizzes_completed,
    quizzes_passed,
    saleslab_sessions,
    upsell_attempt_sessions,
    upsell_success_sessions,
    xp_earned,
    {{ split_sorted_distinct('badges') }} as badges_earned,
    last_record_at
from user_days
