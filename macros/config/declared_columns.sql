{#- The columns that the yml of some nodes declares, as a relation to compare with information_schema. -#}
{% macro declared_columns(nodes) -%}
    {%- set rows = [] -%}
    {%- for node in nodes -%}
        {%- set columns = contract_columns(node) if node.resource_type == 'source' else node.columns.values() -%}
        {%- for column in columns -%}
            {%- do rows.append((node.schema, node.get('identifier') or node.alias, column.name)) -%}
        {%- endfor -%}
    {%- endfor -%}
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
