{#- What is no object has no members. -#}
{% macro json_members(document) -%}
    {{ return(adapter.dispatch('json_members', 'strata')(document)) }}
{%- endmacro %}

{% macro default__json_members(document) -%}
    (select key, value from json_each(case when {{ json_kind(document) }} = 'object' then {{ document }} end) as members)
{%- endmacro %}

{% macro duckdb__json_members(document) -%}
    (
        select
            members.key,
            members.value
        from json_each(case when {{ json_kind(document) }} = 'object' then {{ document }} end) as members
    )
{%- endmacro %}
