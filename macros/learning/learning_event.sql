{% macro learning_event(records, types) -%}
    {{ records }}.event_id,
    {{ records }}.learner_id,
    {{ records }}.session_id,
    {{ records }}.event_type,
    {{ types }}.counts_as,
    {{ records }}.timestamp,
    {{ microseconds_of(records ~ '.timestamp') }} as at_microseconds,
    {%- for key in ['page', 'lesson_id', 'assessment_id', 'skill_id'] %}
    {{ json_value(records ~ '.data', key) }} as {{ key }},
    {%- endfor %}
    {{ score_millionths(
        'cast(' ~ json_value(records ~ '.data', 'score') ~ ' as float8)',
        'cast(' ~ json_value(records ~ '.data', 'max_score') ~ ' as float8)'
    ) }} as score_millionths,
    {{ json_value(records ~ '.metadata', 'tenant_id') }} as tenant_id,
    {{ records }}.partition_date,
    {{ records }}._batch_id,
    {{ records }}._line_number
{%- endmacro %}
