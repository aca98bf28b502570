{#- Each evidence event once for each content that it is about: the assessment or lesson itself, and the skill that
    it trains. -#}
{% macro evidence_of(events) -%}
    {%- for content_type, kinds in {
        'assessment': "('assessment_completed')",
        'lesson': "('lesson_completed')",
        'skill': "('assessment_completed', 'lesson_completed')"
    }.items() %}
    select
        events.*,
        '{{ content_type }}' as content_type,
        events.{{ content_type }}_id as content_id
    from {{ events }} as events
    where
        events.counts_as in {{ kinds }}
        and events.{{ content_type }}_id is not null
    {{ 'union all' if not loop.last }}
    {%- endfor %}
{%- endmacro %}
