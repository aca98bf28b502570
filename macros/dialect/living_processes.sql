{% macro living_processes() -%}
    {{ adapter.dispatch('living_processes', 'strata')() }}
{%- endmacro %}

{#- A file of DuckDB has room for one process, which is this one. -#}
{% macro default__living_processes() -%}
    select cast(null as text) where false
{%- endmacro %}

{#- Sessions that were there before this run; its own have a name that other runs of dbt may have, too. -#}
{% macro postgres__living_processes() -%}
    select application_name
    from pg_stat_activity
    where
        application_name <> ''
        and timezone('UTC', backend_start) < {{ run_instant() }}
{%- endmacro %}
