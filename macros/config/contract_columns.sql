{% macro contract_columns(source) -%}
    {%- set meta = source.config.meta -%}
    {%- set columns = [] -%}
    {%- for column in source.columns.values() -%}
        {%- do columns.append({'name': column.name, 'data_type': api.Column.translate_type(column.data_type)}) -%}
    {%- endfor -%}
    {%- if meta.get('format') != 'none' -%}
        {%- do columns.append({'name': '_batch_id', 'data_type': 'bigint'}) -%}
        {%- do columns.append({'name': '_line_number', 'data_type': 'bigint'}) -%}
        {%- if meta.get('event_time') -%}
            {%- do columns.append({'name': '_event_date', 'data_type': 'date'}) -%}
        {%- endif -%}
    {%- endif -%}
    {%- do return(columns) -%}
{%- endmacro %}
