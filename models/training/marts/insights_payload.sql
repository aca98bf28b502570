-- One row per user and day with any record: the six parts of the insights contract as one JSON document.
-- Written as canonical text (fixed key order, no spaces), so that every engine publishes the same bytes.
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
with performance as (
    select
        user_id,
        date,
        {{ json_object([
            ('date', json_string('cast(date as text)')),
            ('userId', json_string('user_id')),
            ('moduleCompleted', json_number('module_completed')),
            ('quizCompleted', json_number('quiz_completed')),
            ('saleslabSessions', json_number('saleslab_sessions')),
            ('xpTotal', json_number('xp_total')),
            ('badgesOwned', json_string_array('badges_owned')),
            ('version', json_object([
                ('latestModuleVersion', json_string('module_version')),
                ('latestScenarioVersion', json_string('scenario_version')),
                ('latestPromptVersion', json_string('prompt_version')),
            ])),
            ('scope', json_object(scope)),
        ]) }} as document
    from {{ ref('insights_user_performance_snapshot') }}
),

sessions as (
    select * from {{ ref('int_training__payload_sessions') }}
),

upsell as (
    select
        user_id,
        date,
        {{ json_object([
            ('saleslabSessions', json_number('saleslab_sessions')),
            ('upsellAttemptSessions', json_number('upsell_attempt_sessions')),
            ('upsellSuccessSessions', json_number('upsell_success_sessions')),
            ('upsellSuccessRate', json_double('upsell_success_rate')),
            ('version', json_object(version)),
            ('scope', json_object(scope)),
        ]) }} as document
    from {{ ref('insights_upsell_metrics') }}
),

upsell_of_day as (
    select
        user_id,
        date,
        string_agg(document, ',' order by {{ binary_order('document') }}) as documents
    from upsell
    group by user_id, date
),

version_contexts as (
    select
        user_id,
        date,
        module_version,
        scenario_version,
        prompt_version,
        {{ json_object(version + [
            ('moduleVersions', json_string_array('module_versions')),
            ('scenarioVersions', json_string_array('scenario_versions')),
            ('promptVersions', json_string_array('prompt_versions')),
            ('latestModuleVersion', json_string('latest_module_version')),
            ('latestScenarioVersion', json_string('latest_scenario_version')),
            ('latestPromptVersion', json_string('latest_prompt_version')),
        ]) }} as document
    from {{ ref('insights_version_context') }}
),

scope_contexts as (
    select
        user_id,
        date,
        {{ json_object(scope + [
            ('hasMoved', json_number('has_moved')),
            ('previousRegionId', json_string('previous_region_id')),
            ('previousCountryId', json_string('previous_country_id')),
            ('previousBranchId', json_string('previous_branch_id')),
            ('previousTeamId', json_string('previous_team_id')),
        ]) }} as document
    from {{ ref('insights_scope_context') }}
),

-- put side by side by grouping: what a planner guesses of joins on user and date is far too few rows
parts as (
    {% for part, relation, document in [
        ('performance', 'performance', 'document'),
        ('saleslab', 'sessions', 'saleslab_documents'),
        ('quiz', 'sessions', 'quiz_documents'),
        ('upsell', 'upsell_of_day', 'documents'),
        ('version', 'version_contexts', 'document'),
        ('scope', 'scope_contexts', 'document'),
    ] %}
    select
        user_id,
        date,
        '{{ part }}' as part,
        {{ document }} as document,
        {{ 'module_version' if part == 'version' else 'cast(null as text)' }} as module_version,
        {{ 'scenario_version' if part == 'version' else 'cast(null as text)' }} as scenario_version,
        {{ 'prompt_version' if part == 'version' else 'cast(null as text)' }} as prompt_version
    from {{ relation }}
    {{ 'union all' if not loop.last }}
    {% endfor %}
),

payloads as (
    select
        user_id,
        date,
        {% for part in ['performance', 'saleslab', 'quiz', 'upsell', 'version', 'scope'] %}
        max(case when part = '{{ part }}' then document end) as {{ part }},
        {% endfor %}
        max(module_version) as module_version,
        max(scenario_version) as scenario_version,
        max(prompt_version) as prompt_version
    from parts
    group by user_id, date
)

select  -- noqa: ST06
    user_id,
    date,
    {{ json_object([
        ('userPerformanceSnapshot', 'performance'),
        ('saleslabSessionLogs', "'[' || coalesce(saleslab, '') || ']'"),
        ('quizPerformanceLog', "'[' || coalesce(quiz, '') || ']'"),
        ('upsellMetrics', "'[' || coalesce(upsell, '') || ']'"),
        ('versionContext', 'version'),
        ('scopeContext', 'scope'),
    ]) }} as payload,
    module_version,
    scenario_version,
    prompt_version
from payloads
