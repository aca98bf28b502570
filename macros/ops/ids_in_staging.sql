{% macro ids_in_staging() -%}
    {{ of_all_areas('staged_ids', [
        'table_name', 'record_id', 'batch_id'
    ]) }}
{%- endmacro %}
