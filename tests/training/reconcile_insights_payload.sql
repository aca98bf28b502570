-- Every user and day has one payload, which is JSON and says what the six parts of the insights contract say: whose it
-- is, the numbers of the snapshot, the versions and the place, and how many sessions and upsell rows there are.
{% set values = {
    'userPerformanceSnapshot': {
        'userId': 'user_id', 'date': 'date', 'moduleCompleted': 'module_completed', 'quizCompleted': 'quiz_completed',
        'saleslabSessions': 'saleslab_sessions', 'xpTotal': 'xp_total',
    },
    'versionContext': {
        'moduleVersion': 'module_version', 'scenarioVersion': 'scenario_version', 'promptVersion': 'prompt_version',
        'latestModuleVersion': 'latest_module_version', 'latestScenarioVersion': 'latest_scenario_version',
        'latestPromptVersion': 'latest_prompt_version',
    },
    'scopeContext': {
        'regionId': 'region_id', 'countryId': 'country_id', 'branchId': 'branch_id', 'teamId': 'team_id',
        'hasMoved': 'has_moved', 'previousTeamId': 'previous_team_id',
    },
} %}
{% set lists = {
    'saleslabSessionLogs': 'insights_saleslab_session_logs',
    'quizPerformanceLog': 'insights_quiz_performance_log',
    'upsellMetrics': 'insights_upsell_metrics',
} %}
with payloads as (
    select payloads.* from {{ tested_rows(ref('insights_payload')) }} as payloads
),

documents as (
    select
        user_id,
        date,
        {% for part in values.keys() | list + lists.keys() | list %}
        cast({{ json_value('cast(payload as json)', part) }} as json) as of_{{ part | lower }},
        {% endfor %}
        module_version,
        scenario_version,
        prompt_version
    from payloads
),

told as (
    select
        user_id,
        date,
        module_version as label_module_version,
        scenario_version as label_scenario_version,
        prompt_version as label_prompt_version,
        {% for part, columns in values.items() %}
        {% for key in columns %}
        {{ json_value('of_' ~ part | lower, key) }} as its_{{ key | lower }},
        {% endfor %}
        {% endfor %}
        {{ for_each(lists | map('lower'), 'json_array_length(of_{0}) as rows_{0}') }}
    from documents
),

{% for part, relation in lists.items() %}
counted_{{ part | lower }} as (
    select
        parts.user_id,
        parts.date,
        count(*) as rows_of_day
    from {{ tested_rows(ref(relation)) }} as parts
    group by parts.user_id, parts.date
),

{% endfor %}
expected as (
    select
        performance.user_id,
        performance.date,
        {% for part, columns in values.items() %}
        {% set source = {
            'userPerformanceSnapshot': 'performance', 'versionContext': 'versions', 'scopeContext': 'scopes',
        }[part] %}
        {% for key, column in columns.items() %}
        cast({{ source }}.{{ column }} as text) as its_{{ key | lower }},
        {% endfor %}
        {% endfor %}
        versions.module_version as label_module_version,
        versions.scenario_version as label_scenario_version,
        versions.prompt_version as label_prompt_version,
        {{ for_each(lists | map('lower'), 'coalesce(counted_{0}.rows_of_day, 0) as rows_{0}') }}
    from {{ tested_rows(ref('insights_user_performance_snapshot')) }} as performance
    left join {{ tested_rows(ref('insights_version_context')) }} as versions
        on performance.user_id = versions.user_id and performance.date = versions.date
    left join {{ tested_rows(ref('insights_scope_context')) }} as scopes
        on performance.user_id = scopes.user_id and performance.date = scopes.date
    {% for part in lists | map('lower') %}
    left join counted_{{ part }}
        on performance.user_id = counted_{{ part }}.user_id and performance.date = counted_{{ part }}.date
    {% endfor %}
)

{% set columns = ['label_module_version', 'label_scenario_version', 'label_prompt_version'] %}
{% for keys in values.values() %}
{% for key in keys %}
{% do columns.append('its_' ~ key | lower) %}
{% endfor %}
{% endfor %}
{% for part in lists %}
{% do columns.append('rows_' ~ part | lower) %}
{% endfor %}
{{ reconciled('insights_payload', 'expected', 'told', ['user_id', 'date'], columns) }}
