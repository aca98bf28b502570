{% macro tests_of(area) -%}
    {%- set known = remembered('tests') -%}
    {%- if area not in known -%}
        {%- set tests = [] -%}
        {%- set areas = var('areas') -%}
        {%- for node in graph.nodes.values() if node.resource_type == 'test' -%}
            {%- set owner = area_of(node) -%}
            {%- if owner == area or owner not in areas -%}
                {%- do tests.append(node.unique_id) -%}
            {%- endif -%}
        {%- endfor -%}
        {%- do known.update({area: tests}) -%}
    {%- endif -%}
    {%- do return(known[area]) -%}
{%- endmacro %}
