{#- Level of a path whose ids below the level are null. -#}
{% macro scope_level_of_path() -%}
    case
        when country_id is null then 'region'
        when branch_id is null then 'country'
        when team_id is null then 'branch'
        else 'team'
    end
{%- endmacro %}
