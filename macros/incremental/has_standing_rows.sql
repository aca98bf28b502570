{#- A unit test has rows of its own. A table that was built before its columns changed may lack some of them. -#}
{% macro has_standing_rows(columns) -%}
    {%- if is_incremental() -%}
        {%- do return(true) -%}
    {%- elif not execute or model.resource_type != 'model' -%}
        {%- do return(false) -%}
    {%- endif -%}
    {%- set relation = load_relation(this) -%}
    {%- if relation is none or not relation.is_table -%}
        {%- do return(false) -%}
    {%- endif -%}
    {%- set present = adapter.get_columns_in_relation(relation) | map(attribute='name') | list -%}
    {%- do return(columns | reject('in', present) | list | length == 0) -%}
{%- endmacro %}
