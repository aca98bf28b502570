{#- Every row of a relation once for each level of the organisation, with the level and the id of its scope there. -#}
{% macro by_scope_level(relation) -%}
    {%- for level in scope_levels() %}
    select
        *,
        '{{ level }}' as scope_level,
        {{ level }}_id as scope_id
    from {{ relation }}
    {{ 'union all' if not loop.last }}
    {%- endfor %}
{%- endmacro %}
