{% macro funnel_step_list(steps) -%}
    case when {{ json_kind(steps) }} = 'array' then {{ steps }} else {{ json_member(steps, 'steps') }} end
{%- endmacro %}
