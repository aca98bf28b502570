{% macro area_relation(name) -%}
    {#- By name and not by ref(): every model asks the work list what to do, but no model takes numbers from it. With
        ref() the lineage could no longer prove that data goes in one direction. Staging does use ref(), which gives
        the order of a run. -#}
    {%- set known = remembered('relations') -%}
    {%- if name not in known -%}
        {%- set found = [] -%}
        {%- for node in graph.nodes.values() if node.name == name and node.resource_type == 'model' -%}
            {%- do found.append(node) -%}
        {%- endfor -%}
        {%- if found | length != 1 -%}
            {%- do exceptions.raise_compiler_error("there is no one model called " ~ name) -%}
        {%- endif -%}
        {%- do known.update({name: relation_of(found[0])}) -%}
    {%- endif -%}
    {%- do return(known[name]) -%}
{%- endmacro %}
