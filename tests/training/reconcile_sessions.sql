-- A session is its staged record, with what its interactions say of it counted from them.
{% set copied = [
    'user_id', 'business_date', 'canonical_engine', 'start_time', 'end_time', 'duration_seconds', 'outcome', 'turn_count',
    'correct_answers', 'upsell_attempts', 'module_version', 'scenario_version', 'prompt_version', 'region_id',
    'country_id', 'branch_id', 'team_id',
] %}
{% set counted = [
    'interactions', 'persona_ids', 'traits', 'min_difficulty_level', 'max_difficulty_level',
    'upsell_triggered_interactions',
] %}
with sessions as (
    select sessions.* from {{ tested_rows(ref('stg_training__session_log'), 'user_day', 'business_date') }} as sessions
),

interactions as (
    select interactions.*
    from {{ ref('stg_training__interaction_log') }} as interactions
    inner join sessions on interactions.session_id = sessions.session_id and interactions.user_id = sessions.user_id
),

traits as (
    select
        interactions.session_id,
        {{ sorted_distinct_texts('told.trait') }} as traits
    from interactions
    cross join lateral unnest(interactions.trait_activation) as told (trait)
    group by interactions.session_id
),

counted as (
    select
        session_id,
        count(*) as interactions,
        {{ sorted_distinct_texts('persona_id') }} as persona_ids,
        min(difficulty_level) as min_difficulty_level,
        max(difficulty_level) as max_difficulty_level,
        sum(case when upsell_triggered then 1 else 0 end) as upsell_triggered_interactions
    from interactions
    group by session_id
),

expected as (
    select
        {% for column in copied %}
        sessions.{{ column }},
        {% endfor %}
        cast(sessions.session_id as text) as session_id,
        cast(sessions.upsell_success as text) as upsell_success,
        coalesce(counted.interactions, 0) as interactions,
        coalesce(counted.persona_ids, {{ empty_text_array() }}) as persona_ids,
        coalesce(traits.traits, {{ empty_text_array() }}) as traits,
        counted.min_difficulty_level,
        counted.max_difficulty_level,
        coalesce(counted.upsell_triggered_interactions, 0) as upsell_triggered_interactions
    from sessions
    left join counted on sessions.session_id = counted.session_id
    left join traits on sessions.session_id = traits.session_id
),

actual as (
    select
        {% for column in copied + counted %}
        sessions.{{ column }},
        {% endfor %}
        cast(sessions.session_id as text) as session_id,
        cast(sessions.upsell_success as text) as upsell_success
    from {{ tested_rows(ref('int_training__sessions')) }} as sessions
)

{{ reconciled(
    'int_training__sessions', 'expected', 'actual', ['session_id'], copied + counted + ['upsell_success']
) }}
