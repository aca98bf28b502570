-- P-01: every staged record carries the versions that its event type or engine requires.
{% set logs = [
    ('stg_training__event_log', 'event_type', 'training_event_types', 'event_type'),
    ('stg_training__interaction_log', 'engine', 'training_engines', 'engine'),
    ('stg_training__session_log', 'engine', 'training_engines', 'engine'),
] %}
{% for log, column, rules, rule_column in logs %}
select
    '{{ log }}' as relation,
    log._batch_id,
    log._line_number
from {{ tested_rows(ref(log)) }} as log
inner join {{ ref(rules) }} as rules
    on log.{{ column }} = rules.{{ rule_column }}
where
    (rules.requires_module_version and log.module_version is null)
    or (rules.requires_scenario_version and log.scenario_version is null)
    or (rules.requires_prompt_version and log.prompt_version is null)
{{ 'union all' if not loop.last }}
{% endfor %}
