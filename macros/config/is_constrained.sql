{% macro is_constrained(node) -%}
    {#- PostgreSQL quotes the whole row that breaks a constraint, so a table of restricted text has none. -#}
    {%- set restricted = node.columns.values() | selectattr('config.meta.classification', 'equalto', 'restricted') | list -%}
    {%- do return(node.config.materialized == 'incremental' and not restricted) -%}
{%- endmacro %}
