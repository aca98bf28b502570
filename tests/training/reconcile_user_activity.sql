-- What a user did in an hour and on a day, counted from the staged records themselves: every log by itself, and
-- experience points by the seeds' own rows.
{% set context = [
    'user_id', 'region_id', 'country_id', 'branch_id', 'team_id', 'module_version', 'scenario_version', 'prompt_version',
] %}
{% set measures = [
    'records', 'logins', 'attempts_started', 'attempts_completed', 'quizzes_completed', 'quizzes_passed',
    'saleslab_sessions', 'upsell_attempt_sessions', 'upsell_success_sessions', 'xp_earned',
] %}
{% set relations = {
    'int_training__user_hour': ['business_date', 'business_hour'],
    'int_training__user_day': ['business_date'],
} %}
with events as (
    select events.* from {{ tested_rows(ref('stg_training__event_log'), 'user_day', 'business_date') }} as events
),

interactions as (
    select interactions.*
    from {{ tested_rows(ref('stg_training__interaction_log'), 'user_day', 'business_date') }} as interactions
),

sessions as (
    select sessions.* from {{ tested_rows(ref('stg_training__session_log'), 'user_day', 'business_date') }} as sessions
),

started as (
    select
        attempts.*,
        attempts.started_date as business_date,
        attempts.started_hour as business_hour
    from {{ tested_rows(ref('int_training__module_attempts'), 'user_day', 'started_date') }} as attempts
),

completed as (
    select
        attempts.*,
        attempts.completed_date as business_date,
        attempts.completed_hour as business_hour
    from {{ tested_rows(ref('int_training__module_attempts'), 'user_day', 'completed_date') }} as attempts
    where attempts.completed_at is not null
),

rewards as (
    select
        events.*,
        training_rewards.xp,
        training_rewards.badge
    from events
    inner join {{ ref('training_rewards') }} as training_rewards on events.action = training_rewards.reward_code
    where events.event_type = 'reward_claim'
),

-- one row per session and rule that pays for it
rewarded_sessions as (
    select
        sessions.*,
        rules.xp
    from sessions
    inner join {{ ref('training_xp_rules') }} as rules
        on
            (rules.activity = 'saleslab_session' and sessions.canonical_engine = 'saleslab')
            or (
                sessions.canonical_engine = 'quiz'
                and (
                    (rules.activity = 'quiz_completed' and sessions.outcome is not null)
                    or (rules.activity = 'quiz_passed' and sessions.outcome = 'success')
                )
            )
),

rewarded_completions as (
    select
        completed.*,
        rules.xp
    from completed
    inner join {{ ref('training_xp_rules') }} as rules on rules.activity = 'module_completed'
),

contributions as (
    {% for relation, counts, instant in [
        ('events', {'records': 'true', 'logins': "event_type = 'login'"}, 'timestamp'),
        ('interactions', {'records': 'true'}, 'timestamp'),
        ('sessions', {
            'records': 'true',
            'quizzes_completed': "canonical_engine = 'quiz' and outcome is not null",
            'quizzes_passed': "canonical_engine = 'quiz' and outcome = 'success'",
            'saleslab_sessions': "canonical_engine = 'saleslab'",
            'upsell_attempt_sessions': "canonical_engine = 'saleslab' and upsell_attempts > 0",
            'upsell_success_sessions': "canonical_engine = 'saleslab' and upsell_attempts > 0 and upsell_success",
        }, 'start_time'),
        ('started', {'attempts_started': 'true'}, 'null'),
        ('completed', {'attempts_completed': 'true'}, 'null'),
        ('rewards', {'xp_earned': 'xp'}, 'null'),
        ('rewarded_sessions', {'xp_earned': 'xp'}, 'null'),
        ('rewarded_completions', {'xp_earned': 'xp'}, 'null'),
    ] %}
    select
        business_date,
        business_hour,
        {% for column in context %}
        {{ column }},
        {% endfor %}
        {% for measure in measures %}
        {% set deed = counts.get(measure) %}
        {{ deed if deed == 'xp' else ('case when ' ~ deed ~ ' then 1 else 0 end' if deed else 0) }} as {{ measure }},
        {% endfor %}
        {{ 'badge' if relation == 'rewards' else 'cast(null as text)' }} as badge,
        cast({{ instant }} as timestamp) as record_at
    from {{ relation }}
    {{ 'union all' if not loop.last }}
    {% endfor %}
),

{% for relation, period in relations.items() %}
expected_{{ relation }} as (
    select
        {{ (period + context) | join(', ') }},
        {% for measure in measures %}
        sum({{ measure }}) as {{ measure }},
        {% endfor %}
        {{ sorted_distinct_texts('badge') }} as badges_earned,
        max(record_at) as last_record_at
    from contributions
    group by {{ (period + context) | join(', ') }}
),

actual_{{ relation }} as (
    select actual.* from {{ tested_rows(ref(relation)) }} as actual
){{ ',' if not loop.last }}

{% endfor %}
{% for relation, period in relations.items() %}
select
    relation,
    business_date,
    user_id,
    finding
from (
    {{ reconciled(
        relation, 'expected_' ~ relation, 'actual_' ~ relation, period + context,
        measures + ['badges_earned', 'last_record_at']
    ) }}
) as found
{{ 'union all' if not loop.last }}
{% endfor %}
