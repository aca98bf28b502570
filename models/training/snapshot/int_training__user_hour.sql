-- One row per local day and hour, user, scope and version triple. A completion counts under the scope and versions of
-- its attempt's start; such a row may hold no record of its own.
{% set context_columns = [
    'user_id', 'region_id', 'country_id', 'branch_id', 'team_id', 'module_version', 'scenario_version', 'prompt_version',
] %}
with events as (
    select * from {{ ref('stg_training__event_log') }} as events
    where {{ is_touched('user_day', 'events') }}
),

interactions as (
    select * from {{ ref('stg_training__interaction_log') }} as interactions
    where {{ is_touched('user_day', 'interactions') }}
),

sessions as (
    select * from {{ ref('stg_training__session_log') }} as sessions
    where {{ is_touched('user_day', 'sessions') }}
),

session_activities as (
    select
        *,
        case
            when canonical_engine = 'quiz' and outcome = 'success' then 'quiz_passed'
            when canonical_engine = 'quiz' and outcome is not null then 'quiz_completed'
            when canonical_engine = 'saleslab' and upsell_attempts > 0 and upsell_success then 'upsell_success'
            when canonical_engine = 'saleslab' and upsell_attempts > 0 then 'upsell_attempt'
            when canonical_engine = 'saleslab' then 'saleslab'
            else 'session'
        end as activity
    from sessions
),

starts as (
    select * from {{ ref('int_training__module_attempts') }} as attempts
    where {{ is_touched('user_day', 'attempts', 'started_date') }}
),

completions as (
    select attempts.* from {{ ref('int_training__module_attempts') }} as attempts
    where attempts.completed_at is not null and {{ is_touched('user_day', 'attempts', 'completed_date') }}
),

rewards as (
    select * from {{ ref('training_rewards') }}
),

xp_rules as (
    select
        coalesce(max(case when activity = 'module_completed' then xp end), 0) as module_completed,
        coalesce(max(case when activity = 'quiz_completed' then xp end), 0) as quiz_completed,
        coalesce(max(case when activity = 'quiz_passed' then xp end), 0) as quiz_passed,
        coalesce(max(case when activity = 'saleslab_session' then xp end), 0) as saleslab_session
    from {{ ref('training_xp_rules') }}
),

activities as (
    select
        events.business_date,
        events.business_hour,
        {% for column in context_columns %}
        events.{{ column }},
        {% endfor %}
        case when events.event_type = 'login' then 'login' else 'event' end as activity,
        events.timestamp as record_at,
        coalesce(rewards.xp, 0) as xp,
        rewards.badge
    from events
    left join rewards on events.event_type = 'reward_claim' and events.action = rewards.reward_code
    union all
    select
        interactions.business_date,
        interactions.business_hour,
        {% for column in context_columns %}
        interactions.{{ column }},
        {% endfor %}
        'interaction' as activity,
        interactions.timestamp as record_at,
        0 as xp,
        null as badge
    from interactions
    union all
    select
        session_activities.business_date,
        session_activities.business_hour,
        {% for column in context_columns %}
        session_activities.{{ column }},
        {% endfor %}
        session_activities.activity,
        session_activities.start_time as record_at,
        case
            when session_activities.activity = 'quiz_passed' then xp_rules.quiz_completed + xp_rules.quiz_passed
            when session_activities.activity = 'quiz_completed' then xp_rules.quiz_completed
            when session_activities.canonical_engine = 'saleslab' then xp_rules.saleslab_session
            else 0
        end as xp,
        null as badge
    from session_activities
    cross join xp_rules
    union all
    select
        starts.started_date as business_date,
        starts.started_hour as business_hour,
        {% for column in context_columns %}
        starts.{{ column }},
        {% endfor %}
        'attempt_started' as activity,
        null as record_at,
        0 as xp,
        null as badge
    from starts
    union all
    select
        completions.completed_date as business_date,
        completions.completed_hour as business_hour,
        {% for column in context_columns %}
        completions.{{ column }},
        {% endfor %}
        'attempt_completed' as activity,
        null as record_at,
        xp_rules.module_completed as xp,
        null as badge
    from completions
    cross join xp_rules
)

select
    business_date,
    business_hour,
    {% for column in context_columns %}
    {{ column }},
    {% endfor %}
    count(record_at) as records,
    count(case when activity = 'login' then 1 end) as logins,
    count(case when activity = 'attempt_started' then 1 end) as attempts_started,
    count(case when activity = 'attempt_completed' then 1 end) as attempts_completed,
    count(case when activity in ('quiz_completed', 'quiz_passed') then 1 end) as quizzes_completed,
    count(case when activity = 'quiz_passed' then 1 end) as quizzes_passed,
    count(case when activity in ('saleslab', 'upsell_attempt', 'upsell_success') then 1 end) as saleslab_sessions,
    count(case when activity in ('upsell_attempt', 'upsell_success') then 1 end) as upsell_attempt_sessions,
    count(case when activity = 'upsell_success' then 1 end) as upsell_success_sessions,
    cast(sum(xp) as bigint) as xp_earned,
    {{ sorted_distinct_texts('badge') }} as badges_earned,
    max(record_at) as last_record_at
from activities
group by business_date, business_hour, {{ context_columns | join(', ') }}
