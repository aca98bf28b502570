{% macro create_contract_tables() -%}
    {%- if execute -%}
        {#- Existing tables are left out: even `create index if not exists` waits for the writers of its table. -#}
        {%- set existing = existing_relations() -%}
        {%- set tables = [] -%}
        {%- for source in graph.sources.values() if source.config.meta.get('format') -%}
            {%- if source.schema ~ '.' ~ source.identifier not in existing -%}
                {%- do tables.append(source) -%}
            {%- endif -%}
        {%- endfor -%}
        {%- if tables -%}
        {{ wait_for_other_writers() }}
        {%- endif -%}
        {%- for schema in tables | map(attribute='schema') | unique | sort %}
            create schema if not exists {{ adapter.quote(schema) }};
        {%- endfor -%}
        {%- for source in tables | sort(attribute='unique_id') -%}
            {%- set relation = api.Relation.create(
                database=source.database, schema=source.schema, identifier=source.identifier
            ) %}
            create table if not exists {{ relation }} (
            {%- for column in contract_columns(source) %}
                {{ adapter.quote(column.name) }} {{ column.data_type }}{{ ',' if not loop.last }}
            {%- endfor %}
            ) {{ contract_partitioning(source) }};
            {{ contract_default_partition(source, relation) }}
            {{ contract_indexes(source, relation) }}
        {%- endfor -%}
    {%- endif -%}
{%- endmacro %}
