-- AG-DATA-02: what staging took from raw is still in raw as it was; a raw row changed afterwards shows here.
{% set logs = {
    'event_log': [
        'event_id', 'timestamp', 'user_id', 'event_type', 'module_id', 'quiz_id', 'scenario_id', 'turn_index', 'action',
    ],
    'interaction_log': [
        'interaction_id', 'session_id', 'timestamp', 'user_id', 'engine', 'input', 'output', 'difficulty_level',
        'persona_id', 'trait_activation', 'upsell_triggered',
    ],
    'session_log': [
        'session_id', 'user_id', 'engine', 'start_time', 'end_time', 'duration_sec', 'outcome', 'turn_count',
        'correct_answers', 'upsell_attempts', 'upsell_success',
    ],
} %}
{% set context = [
    'module_version', 'scenario_version', 'prompt_version', 'region_id', 'country_id', 'branch_id', 'team_id',
] %}
{% for log, columns in logs.items() %}
select
    '{{ log }}' as table_name,
    staged._batch_id,
    staged._line_number
from {{ tested_rows(ref('stg_training__' ~ log)) }} as staged
left join {{ tested_rows(source('training', log), 'event_date', '_event_date') }} as raw
    on
        staged._batch_id = raw._batch_id
        and staged._line_number = raw._line_number
where
    false
    {%- for column in columns + context %}
    or staged.{{ column }} is distinct from raw.{{ column }}
    {%- endfor %}
{{ 'union all' if not loop.last }}
{% endfor %}
