{% macro living_processes() -%}
    {{ adapter.dispatch('living_processes', 'strata')() }}
{%- endmacro %}

{#- Only one process can open a DuckDB file, and that is this one. -#}
{% macro default__living_processes() -%}
    select cast(null as text) where false
{%- endmacro %}

{#- Sessions that began before this run. Its own session has a name that other runs of dbt may have, too. -#}
{% macro postgres__living_processes() -%}
    select application_name
    from pg_stat_activity
    where
        application_name <> ''
        and timezone('UTC', backend_start) < {{ run_instant() }}
{%- endmacro %}
