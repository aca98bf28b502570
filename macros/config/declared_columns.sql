{#- The columns that the yml of an area declares, as a relation to compare with information_schema. -#}
{% macro declared_columns(area, resource_type) -%}
    {%- set rows = [] -%}
    {%- if execute -%}
        {%- if resource_type == 'source' -%}
            {%- for node in graph.sources.values() if node.source_name == area -%}
                {%- for column in contract_columns(node) -%}
                    {%- do rows.append((node.schema, node.identifier, column.name)) -%}
                {%- endfor -%}
            {%- endfor -%}
        {%- else -%}
            {%- for node in graph.nodes.values() if node.resource_type == resource_type and node.fqn[1] == area -%}
                {%- for column in node.columns.values() -%}
                    {%- do rows.append((node.schema, node.alias, column.name)) -%}
                {%- endfor -%}
            {%- endfor -%}
        {%- endif -%}
    {%- endif -%}
    select
        table_schema,
        table_name,
        column_name
    from (
        values
        ('', '', '')
        {%- for row in rows %},
        ('{{ row | join("', '") }}')
        {%- endfor %}
    ) as declared (table_schema, table_name, column_name)
    where table_name <> ''
{%- endmacro %}
