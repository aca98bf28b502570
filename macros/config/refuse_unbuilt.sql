{% macro refuse_unbuilt() -%}
    {%- if execute and flags.WHICH == 'test' -%}
        {%- set existing = existing_relations() -%}
        {%- set built = [] -%}
        {%- for node in graph.nodes.values() if node.resource_type == 'model' -%}
            {%- if node.schema ~ '.' ~ node.alias in existing -%}
                {%- do built.append(node.name) -%}
            {%- endif -%}
        {%- endfor -%}
        {%- if not built -%}
            {{ exceptions.raise_compiler_error(
                'Nothing is built in this warehouse yet, so there is nothing to test. '
                ~ 'Run `dbt build` first: it builds and tests, also when no file was loaded.'
            ) }}
        {%- endif -%}
    {%- endif -%}
{%- endmacro %}
