{% macro records_left_out() -%}
    {{ of_all_areas('unpublished', [
        'table_name', 'record_key', 'reason', '_batch_id'
    ]) }}
{%- endmacro %}
