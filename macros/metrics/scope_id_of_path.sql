{#- Id of the scope that a path with nulls below its level names. -#}
{% macro scope_id_of_path() -%}
    coalesce(team_id, branch_id, country_id, region_id)
{%- endmacro %}
