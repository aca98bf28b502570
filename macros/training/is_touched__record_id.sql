{% macro is_touched__record_id(alias, date_column, batches) -%}
    (
        {%- for table, id, event_time in training_logs() %}
        {{ 'or ' if not loop.first }}(
            {{ alias }}.record_table = '{{ table }}'
            and {{ alias }}.record_id in (
                {{ touched_record_ids(table, id, batches) | indent(16) }}
            )
        )
        {%- endfor %}
    )
{%- endmacro %}
