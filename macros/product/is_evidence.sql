{% macro is_evidence(alias) -%}
    (
        {{ alias }}.event_type = 'identify'
        and {{ alias }}.user_id is not null
        and {{ alias }}.session_id is not null
    )
{%- endmacro %}
