{#- Groups rows with a full scope path by every level of it; an id below the level comes out null. -#}
{% macro rolled_up_path() -%}
    region_id, rollup (country_id, branch_id, team_id)
{%- endmacro %}
