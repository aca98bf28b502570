-- A share of attempts, quizzes or sessions is never below 0 or above 1, at any level, day, window or version.
select
    kpis.date,
    kpis.scope_level,
    kpis.scope_id
from {{ tested_rows(ref('int_training__kpi_day')) }} as kpis
where
    kpis.module_attempts_completed > kpis.module_attempts_started
    or kpis.quizzes_passed > kpis.quizzes_completed
    or kpis.upsell_success_sessions > kpis.upsell_attempt_sessions
    or kpis.window_attempts_completed > kpis.window_attempts_started
    or kpis.window_quizzes_passed > kpis.window_quizzes_completed
    or kpis.window_upsell_success_sessions > kpis.window_upsell_attempt_sessions
    or kpis.window_attempt_users > kpis.window_attempts_started
    or kpis.window_quiz_users > kpis.window_quizzes_completed
    or kpis.window_upsell_users > kpis.window_upsell_attempt_sessions
    or kpis.users < 0
union all
select
    cast(null as date) as date,
    scope_level,
    scope_id
from {{ ref('kpi_by_version') }}
where
    not (0 <= wilson_lower and wilson_lower <= rate and rate <= wilson_upper and wilson_upper <= 1)
