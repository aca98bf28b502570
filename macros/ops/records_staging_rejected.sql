{% macro records_staging_rejected() -%}
    {{ of_all_areas('staging_rejections', [
        'table_name', 'batch_id', 'line_number', 'record_id', 'code', 'reason', 'column_name', 'message',
        'settled_in_batch'
    ]) }}
{%- endmacro %}
