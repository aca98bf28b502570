-- One row per session with what its user's interactions say of it, whenever they came. No free text leaves staging.
with sessions as (
    select * from {{ ref('stg_training__session_log') }} as sessions
    where {{ is_touched('user_day', 'sessions') }}
),

interactions as (
    select
        session_id,
        user_id,
        count(*) as interactions,
        {{ sorted_distinct_texts('persona_id') }} as persona_ids,
        {{ joined_arrays('trait_activation') }} as traits,
        min(difficulty_level) as min_difficulty_level,
        max(difficulty_level) as max_difficulty_level,
        count(case when upsell_triggered then 1 end) as upsell_triggered_interactions
    from {{ ref('stg_training__interaction_log') }}
    where session_id in (select sessions.session_id from sessions)
    group by session_id, user_id
)

select
    sessions.session_id,
    sessions.user_id,
    sessions.business_date,
    sessions.canonical_engine,
    sessions.start_time,
    sessions.end_time,
    sessions.duration_seconds,
    sessions.outcome,
    sessions.turn_count,
    sessions.correct_answers,
    sessions.upsell_attempts,
    sessions.upsell_success,
    sessions.module_version,
    sessions.scenario_version,
    sessions.prompt_version,
    sessions.region_id,
    sessions.country_id,
    sessions.branch_id,
    sessions.team_id,
    coalesce(interactions.interactions, 0) as interactions,
    coalesce(interactions.persona_ids, {{ empty_text_array() }}) as persona_ids,
    {{ split_sorted_distinct('interactions.traits') }} as traits,
    interactions.min_difficulty_level,
    interactions.max_difficulty_level,
    coalesce(interactions.upsell_triggered_interactions, 0) as upsell_triggered_interactions
from sessions
left join interactions
    on
        sessions.session_id = interactions.session_id
        and sessions.user_id = interactions.user_id
