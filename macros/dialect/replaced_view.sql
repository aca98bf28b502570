{#- dbt itself makes a second view on PostgreSQL, renames both and drops the old one with all views that read it. For
    a moment the views of a mart would be gone, and one of two runs at once would fail. -#}
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

{#- The view is replaced in place. Only where columns were renamed, retyped or removed are the view and its readers
    made again. -#}
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
