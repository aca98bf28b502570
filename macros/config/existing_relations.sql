{% macro existing_relations() -%}
    {%- set names = [] -%}
    {%- for row in run_query('select table_schema, table_name from information_schema.tables').rows -%}
        {%- do names.append(row[0] ~ '.' ~ row[1]) -%}
    {%- endfor -%}
    {{ return(names) }}
{%- endmacro %}
