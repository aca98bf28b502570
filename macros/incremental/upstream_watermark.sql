{% macro upstream_watermark(node=none) -%}
    {#- The batch up to which everything this model reads is computed, as SQL: the least watermark of the incremental
        models upstream (through views), or the ledger's last batch for a model that reads raw tables only. -#}
    {%- set names = [] -%}
    {%- set todo = (node or model).depends_on.nodes | list -%}
    {%- for step in range(1000) if todo -%}
        {%- set unique_id = todo.pop() -%}
        {%- set node = graph.nodes.get(unique_id) -%}
        {%- if node and node.resource_type == 'model' -%}
            {%- if node.config.materialized == 'incremental' -%}
                {%- do names.append(node.schema ~ '.' ~ (node.alias or node.name)) -%}
            {%- else -%}
                {%- do todo.extend(node.depends_on.nodes) -%}
            {%- endif -%}
        {%- endif -%}
    {%- endfor -%}
    {%- if names -%}
        select case when count(*) = {{ names | unique | list | length }} then coalesce(min(batch_id), 0) else 0 end
        from {{ source('ops', 'watermarks') }}
        where model_name in ('{{ names | unique | sort | join("', '") }}')
    {%- else -%}
        select coalesce(max(batch_id), 0) from {{ source('ops', 'batches') }}
    {%- endif -%}
{%- endmacro %}
