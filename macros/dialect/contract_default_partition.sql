{% macro contract_default_partition(source, relation) -%}
    {{ adapter.dispatch('contract_default_partition', 'strata')(source, relation) }}
{%- endmacro %}

{% macro default__contract_default_partition(source, relation) -%}
{%- endmacro %}

{% macro postgres__contract_default_partition(source, relation) -%}
    {%- if source.config.meta.get('partition') == 'month' -%}
        {%- set partition = api.Relation.create(
            database=relation.database, schema=relation.schema, identifier=relation.identifier ~ '_default'
        ) -%}
        create table if not exists {{ partition }} partition of {{ relation }} default;
    {%- endif -%}
{%- endmacro %}
