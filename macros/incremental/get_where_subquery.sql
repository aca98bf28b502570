{% macro get_where_subquery(relation) -%}
    {#- dbt's documented hook around what a generic test selects from. -#}
    {%- set rows = tested_rows(relation) -%}
    {%- set where = config.get('where', '') -%}
    {%- if where -%}
        {%- do return('(select * from ' ~ rows ~ ' as tested_rows where ' ~ where ~ ') as dbt_subquery') -%}
    {%- elif rows is string and execute -%}
        {%- do return(rows ~ ' as dbt_subquery') -%}
    {%- endif -%}
    {%- do return(rows) -%}
{%- endmacro %}
