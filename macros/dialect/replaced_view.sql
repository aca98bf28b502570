{#- dbt's own way to a view on PostgreSQL makes another one, renames both and drops the old one with all that reads it:
    for a moment the views of a mart are not there, and of two runs at once one fails. -#}
{% materialization view, adapter='postgres' -%}
    {%- set target = this.incorporate(type='view') -%}
    {%- set existing = load_cached_relation(this) -%}
    {%- set grants = config.get('grants') -%}
    {{ run_hooks(pre_hooks, inside_transaction=False) }}
    {{ run_hooks(pre_hooks, inside_transaction=True) }}
    {%- if existing is not none and existing.type != 'view' -%}
        {{ drop_relation_if_exists(existing) }}
    {%- endif -%}
    {%- if config.get('contract').enforced -%}
        {{ get_assert_columns_equivalent(sql) }}
    {%- endif -%}
    {%- call statement('main') -%}
        {{ replaced_view(target, sql) }}
    {%- endcall -%}
    {%- do apply_grants(target, grants, should_revoke=should_revoke(existing, full_refresh_mode=True)) -%}
    {%- do persist_docs(target, model) -%}
    {{ run_hooks(post_hooks, inside_transaction=True) }}
    {{ adapter.commit() }}
    {{ run_hooks(post_hooks, inside_transaction=False) }}
    {{ return({'relations': [target]}) }}
{%- endmaterialization %}

{#- In place; only where columns were renamed, retyped or taken away must the view and its readers be made anew. -#}
{% macro replaced_view(relation, sql) -%}
    do $strata$
    begin
        perform pg_advisory_xact_lock(hashtext('{{ relation }}'));
        create or replace view {{ relation }} as (
        {{ sql }}
        );
    exception when invalid_table_definition then
        drop view {{ relation }} cascade;
        create view {{ relation }} as (
        {{ sql }}
        );
    end $strata$;
{%- endmacro %}
