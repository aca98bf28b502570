-- One row per date, scope level, scope and version triple with a record, or completion of an attempt begun there.
-- A missing version is null and part of the grain.
with user_days as (
    select *
    from {{ ref('int_training__user_day') }} as user_days
    where {{ is_touched('date', 'user_days', 'business_date') }}
),

by_level as (
    {{ by_scope_level('user_days') }}
)

select
    business_date as date,
    scope_level,
    scope_id,
    {{ scope_place() }},
    module_version,
    scenario_version,
    prompt_version,
    cast(count(distinct case when records > 0 then user_id end) as bigint) as users_seen,
    cast(count(distinct case when logins > 0 then user_id end) as bigint) as active_users,
    cast(sum(saleslab_sessions) as bigint) as saleslab_sessions,
    cast(sum(attempts_started) as bigint) as attempts_started,
    cast(sum(attempts_completed) as bigint) as attempts_completed,
    cast(sum(quizzes_completed) as bigint) as quizzes_completed,
    cast(sum(quizzes_passed) as bigint) as quizzes_passed,
    cast(sum(upsell_attempt_sessions) as bigint) as upsell_attempt_sessions,
    cast(sum(upsell_success_sessions) as bigint) as upsell_success_sessions
from by_level
group by business_date, scope_level, scope_id, module_version, scenario_version, prompt_version
