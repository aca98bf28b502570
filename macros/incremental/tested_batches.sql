{% macro tested_batches(node) -%}
    {%- call statement('tested_batches', fetch_result=true) -%}
        select
            coalesce((select batch_id from {{ source('ops', 'checks') }} where test_id = '{{ model.unique_id }}'), 0),
            (
                {%- if node.resource_type != 'source' and node.config.materialized == 'incremental' %}
                select coalesce(max(batch_id), 0)
                from {{ source('ops', 'watermarks') }}
                where model_name = '{{ node.schema }}.{{ node.alias }}'
                {%- elif node.resource_type == 'source' %}
                select coalesce(max(batch_id), 0) from {{ source('ops', 'batches') }}
                {%- else %}
                {{ upstream_watermark(node) }}
                {%- endif %}
            )
    {%- endcall -%}
    {%- set row = load_result('tested_batches').data[0] -%}
    {%- do return({'low': row[0] | int, 'high': row[1] | int}) -%}
{%- endmacro %}
