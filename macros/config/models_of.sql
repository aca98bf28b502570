{% macro models_of(area) -%}
    {%- set models = [] -%}
    {%- if execute -%}
        {%- for node in graph.nodes.values() if node.resource_type == 'model' and area_of(node) == area -%}
            {%- do models.append(node) -%}
        {%- endfor -%}
    {%- endif -%}
    {%- do return(models) -%}
{%- endmacro %}
