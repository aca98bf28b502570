{% macro copies_of_records() -%}
    {{ of_all_areas('copies', [
        'table_name', 'record_id', '_batch_id', '_line_number', 'is_winner', 'is_conflict'
    ]) }}
{%- endmacro %}
