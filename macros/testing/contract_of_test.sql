{% macro contract_of_test() -%}
    {%- if execute -%}
        {%- for unique_id in model.depends_on.nodes if unique_id in graph.sources -%}
            {%- if graph.sources[unique_id].config.meta.get('format') != 'none' -%}
                {%- do return(graph.sources[unique_id]) -%}
            {%- endif -%}
        {%- endfor -%}
        {%- do exceptions.raise_compiler_error('the test is about no raw table: it belongs in the yml of a contract') -%}
    {%- endif -%}
    {%- do return({'source_name': '', 'name': ''}) -%}
{%- endmacro %}
