{% macro counts_of_records() -%}
    {{ of_all_areas('record_counts', [
        'batch_id', 'kind', 'records'
    ]) }}
{%- endmacro %}
