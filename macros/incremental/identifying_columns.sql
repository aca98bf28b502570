{% macro identifying_columns(partition) -%}
    {%- set kind = partition.kind -%}
    {%- set columns = [partition.column] if has_day(kind) else [] -%}
    {%- for column in kind.match if column != kind.day -%}
        {%- do columns.append(column) -%}
    {%- endfor -%}
    {%- do return(columns) -%}
{%- endmacro %}
