{% macro is_active_at(last_activity, instant) -%}
    (
        {{ last_activity }} <= {{ instant }}
        and {{ last_activity }} > {{ instant }} - {{ var('session_active_minutes') | int }} * interval '1 minute'
    )
{%- endmacro %}
