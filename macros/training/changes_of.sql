{#- Each change once: thousands of equal rows would each meet the same records in the joins that follow. -#}
{% macro changes_of(relations) -%}
    {%- for relation in relations %}
    select
        cause,
        user_id,
        event_type,
        event_time,
        module_id,
        module_version,
        of_session_id,
        region_id,
        country_id,
        branch_id,
        team_id
    from {{ relation }}
    {{ 'union' if not loop.last }}
    {%- endfor %}
{%- endmacro %}
