{% macro is_touched__event_copy(alias, date_column, batches) -%}
    {{ alias }}.event_id in (
        select arrivals.event_id
        from {{ source('learning', 'raw_events') }} as arrivals
        where {{ is_touched__batch('arrivals', '_batch_id', batches) }}
    )
{%- endmacro %}
