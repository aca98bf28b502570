{% macro tested_node(relation) -%}
    {#- Only in commands that run on-run-start, which makes ops.checks; a linter and the docs do not. -#}
    {%- if execute and flags.WHICH in ['build', 'test'] -%}
        {%- for unique_id in model.depends_on.nodes -%}
            {%- set node = graph.nodes.get(unique_id) or graph.sources.get(unique_id) -%}
            {%- if node and node.schema == relation.schema
                and (node.get('alias') or node.get('identifier')) == relation.identifier -%}
                {%- do return(node) -%}
            {%- endif -%}
        {%- endfor -%}
    {%- endif -%}
    {%- do return(none) -%}
{%- endmacro %}
