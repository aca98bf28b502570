{% macro project_digest() -%}
    {%- set parts = [] -%}
    {%- for name, item in context.items() if item.macro is defined and item.macro.package_name == project_name -%}
        {%- do parts.append(name ~ ' ' ~ item.macro.macro_sql) -%}
    {%- endfor -%}
    {%- for node in graph.nodes.values() -%}
        {%- do parts.append(node.unique_id ~ ' ' ~ node.raw_code ~ ' ' ~ node.checksum.checksum) -%}
        {%- if node.resource_type != 'test' -%}
            {%- do parts.append(
                node.unique_id ~ ' ' ~ (node.config | tojson) ~ ' '
                ~ node.columns.values() | map(attribute='data_type') | join(' ')
            ) -%}
        {%- endif -%}
    {%- endfor -%}
    {#- A quoted word may be the name of a variable. -#}
    {%- set named = modules.re.findall("['\"]([a-z_]+)['\"]", parts | join(' ')) | unique | list -%}
    {%- for name in named if name not in ['as_of', 'backfill_from', 'backfill_to'] and var(name, none) is not none -%}
        {%- do parts.append(name ~ ' ' ~ var(name)) -%}
    {%- endfor -%}
    {%- do return(local_md5(parts | sort | join(' '))) -%}
{%- endmacro %}
