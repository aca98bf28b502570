-- One row per user and day with a SalesLab or quiz session: the sessions as JSON objects by start, without brackets.
-- Split from insights_payload for length alone.
{% set scope = [
    ('regionId', json_string('region_id')),
    ('countryId', json_string('country_id')),
    ('branchId', json_string('branch_id')),
    ('teamId', json_string('team_id')),
] %}
{% set version = [
    ('moduleVersion', json_string('module_version')),
    ('scenarioVersion', json_string('scenario_version')),
    ('promptVersion', json_string('prompt_version')),
] %}
with documents as (
    select
        user_id,
        date,
        start_time,
        session_id,
        {{ json_object([
            ('sessionId', json_string('cast(session_id as text)')),
            ('startTime', json_timestamp('start_time')),
            ('endTime', json_timestamp('end_time')),
            ('durationSec', json_double('duration_seconds')),
            ('outcome', json_string('outcome')),
            ('summary', json_object([
                ('turnCount', json_number('turn_count')),
                ('correctAnswers', json_number('correct_answers')),
                ('upsellAttempts', json_number('upsell_attempts')),
                ('upsellSuccess', json_number('upsell_success')),
            ])),
            ('interactions', json_object([
                ('count', json_number('interactions')),
                ('personaIds', json_string_array('persona_ids')),
                ('traitActivation', json_string_array('traits')),
                ('minDifficultyLevel', json_double('min_difficulty_level')),
                ('maxDifficultyLevel', json_double('max_difficulty_level')),
                ('upsellTriggered', json_number('upsell_triggered_interactions')),
            ])),
            ('version', json_object(version)),
            ('scope', json_object(scope)),
        ]) }} as saleslab_document,
        null as quiz_document
    from {{ ref('insights_saleslab_session_logs') }}
    union all
    select
        user_id,
        date,
        start_time,
        session_id,
        null as saleslab_document,
        {{ json_object([
            ('sessionId', json_string('cast(session_id as text)')),
            ('startTime', json_timestamp('start_time')),
            ('endTime', json_timestamp('end_time')),
            ('durationSec', json_double('duration_seconds')),
            ('outcome', json_string('outcome')),
            ('isCompleted', json_number('is_completed')),
            ('isPassed', json_number('is_passed')),
            ('summary', json_object([
                ('turnCount', json_number('turn_count')),
                ('correctAnswers', json_number('correct_answers')),
            ])),
            ('version', json_object(version)),
            ('scope', json_object(scope)),
        ]) }} as quiz_document
    from {{ ref('insights_quiz_performance_log') }}
)

select
    user_id,
    date,
    string_agg(saleslab_document, ',' order by start_time, session_id) as saleslab_documents,
    string_agg(quiz_document, ',' order by start_time, session_id) as quiz_documents
from documents
group by user_id, date
