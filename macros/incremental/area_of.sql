{% macro area_of(node) -%}
    {%- do return(node.source_name if node.resource_type == 'source' else node.fqn[1]) -%}
{%- endmacro %}
