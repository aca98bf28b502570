{% macro tested_partition(node, kind=none, column=none) -%}
    {#- Kinds that are dear to find, or that ask for the model itself, by one that holds them. -#}
    {%- set wider = {
        'attempt': 'user', 'scope_date': 'from_date', 'window_date': 'from_date', 'active_session': 'session'
    } -%}
    {%- set owners = {
        'user': 'user_id', 'record_id': 'record_id', 'event_copy': 'event_id', 'arrived_event': 'event_id',
        'session': 'session_id', 'learner_day': 'learner_id', 'content_day': 'content_id'
    } -%}
    {%- set meta = node.config.meta -%}
    {%- if kind -%}
        {%- do return({'kind': kind, 'column': column, 'owner': column}) -%}
    {%- endif -%}
    {%- set column = meta.get('partition_date', 'business_date') -%}
    {%- if node.resource_type == 'source' -%}
        {%- set kind, column = 'batch', 'batch_id' if meta.get('format') == 'none' else '_batch_id' -%}
        {%- if meta.get('format') == 'none' and 'batch_id' not in node.columns -%}
            {%- do return(none) -%}
        {%- endif -%}
    {%- elif node.config.materialized == 'incremental' -%}
        {%- set kind = wider.get(meta.partition, meta.partition) -%}
    {%- elif node.config.materialized == 'view' and 'date' in node.columns -%}
        {%- set kind, column = 'from_date', 'date' -%}
    {%- elif node.config.materialized == 'view' and 'batch_id' in node.columns -%}
        {%- set kind, column = 'batch', 'batch_id' -%}
    {%- else -%}
        {%- do return(none) -%}
    {%- endif -%}
    {%- do return({'kind': kind, 'column': column, 'owner': owners.get(kind, column)}) -%}
{%- endmacro %}
