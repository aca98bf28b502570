{% macro tested_partition(node, kind=none, column=none) -%}
    {%- set meta = node.config.meta -%}
    {%- if not kind -%}
        {%- set column = meta.get('partition_date') -%}
        {%- if node.resource_type == 'source' and meta.get('format') != 'none' -%}
            {%- set kind, column = 'batch', '_batch_id' -%}
        {%- elif meta.get('recompute_by') and node.resource_type != 'source' -%}
            {%- set kind = meta.recompute_by -%}
        {%- elif 'batch_id' in node.columns and (node.resource_type == 'source' or node.config.materialized == 'view') -%}
            {%- set kind, column = 'batch', 'batch_id' -%}
        {%- else -%}
            {%- do return(none) -%}
        {%- endif -%}
    {%- endif -%}
    {%- set kind = work_kind(kind, area_of(node)) -%}
    {#- A kind that is costly to find, or that reads the model itself, is tested as a wider kind. -#}
    {%- set kind = work_kind(kind.tested_as, area_of(node)) if kind.tested_as else kind -%}
    {%- do return({'kind': kind, 'column': column or kind.day}) -%}
{%- endmacro %}
