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
    {%- set score, max_score = json_value(records ~ '.data', 'score'), json_value(records ~ '.data', 'max_score') %}
    {{ score }} is not null as has_score,
    case
        when {{ max_score }} = 'unfit' then null
        else {{ score_millionths(
            'cast(nullif(' ~ score ~ ", 'unfit') as float8)", 'cast(nullif(' ~ max_score ~ ", 'unfit') as float8)"
        ) }}
    end as score_millionths,
    {{ json_value(records ~ '.metadata', 'tenant_id') }} as tenant_id,
    {{ records }}.partition_date,
    {{ records }}._batch_id,
    {{ records }}._line_number
{%- endmacro %}
