-- Section 6, missing version (E_VERSION_MISSING): no record without a version that its event type
-- or engine requires got through the door.
{% set logs = [
    ('event_log', 'event_type', 'training_event_types'),
    ('interaction_log', 'engine', 'training_engines'),
    ('session_log', 'engine', 'training_engines'),
] %}
{% for log, column, rules in logs %}
select
    '{{ log }}' as table_name,
    log._batch_id,
    log._line_number
from {{ tested_rows(source('training', log)) }} as log
inner join {{ ref(rules) }} as rules
    on log.{{ column }} = rules.{{ column }}
where
    (rules.requires_module_version and coalesce(log.module_version, '') = '')
    or (rules.requires_scenario_version and coalesce(log.scenario_version, '') = '')
    or (rules.requires_prompt_version and coalesce(log.prompt_version, '') = '')
{{ 'union all' if not loop.last }}
{% endfor %}
