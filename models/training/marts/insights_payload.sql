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
)

select
    performance.user_id,
    performance.date,
    {{ json_object([
        ('userPerformanceSnapshot', 'performance.document'),
        ('saleslabSessionLogs', "'[' || coalesce(sessions.saleslab_documents, '') || ']'"),
        ('quizPerformanceLog', "'[' || coalesce(sessions.quiz_documents, '') || ']'"),
        ('upsellMetrics', "'[' || coalesce(upsell_of_day.documents, '') || ']'"),
        ('versionContext', 'version_contexts.document'),
        ('scopeContext', 'scope_contexts.document'),
    ]) }} as payload,
    version_contexts.module_version,
    version_contexts.scenario_version,
    version_contexts.prompt_version
from performance
inner join version_contexts
    on
        performance.user_id = version_contexts.user_id
        and performance.date = version_contexts.date
inner join scope_contexts
    on
        performance.user_id = scope_contexts.user_id
        and performance.date = scope_contexts.date
left join sessions
    on
        performance.user_id = sessions.user_id
        and performance.date = sessions.date
left join upsell_of_day
    on
        performance.user_id = upsell_of_day.user_id
        and performance.date = upsell_of_day.date
