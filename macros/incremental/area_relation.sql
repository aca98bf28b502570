{% macro area_relation(name) -%}
    {#- By name and not by ref(): every model asks the work list what to do, yet none takes numbers from it, so it would
        blur the lineage that proves one direction. The order of a run comes from staging, which does name it. -#}
    {%- set found = [] -%}
    {%- for node in graph.nodes.values() if node.name == name and node.resource_type == 'model' -%}
        {%- do found.append(node) -%}
    {%- endfor -%}
    {%- if found | length != 1 -%}
        {%- do exceptions.raise_compiler_error("there is no one model called " ~ name) -%}
    {%- endif -%}
    {%- do return(relation_of(found[0])) -%}
{%- endmacro %}
