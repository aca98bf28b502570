{% macro is_touched__record_id(alias, date_column, batches) -%}
    ({{ alias }}.record_table, {{ alias }}.record_id) in (
        {%- for table, id, event_time in training_logs() %}
        select '{{ table }}', records.{{ id }}
        from {{ source('training', table) }} as records
        where {{ is_touched__batch('records', '_batch_id', batches) }}
        {{- ' union all' if not loop.last }}
        {%- endfor %}
    )
{%- endmacro %}
