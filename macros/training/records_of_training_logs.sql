{% macro records_of_training_logs() -%}
    {%- for table, id, event_time in training_logs() %}
    select
        '{{ table }}' as record_table,
        records.{{ id }} as record_id,
        {{ 'records.session_id' if table == 'interaction_log' else 'cast(null as uuid)' }} as of_session_id,
        records.user_id,
        records.{{ event_time }} as event_time,
        records._event_date,
        records.region_id,
        records.country_id,
        records.branch_id,
        records.team_id,
        {%- if table == 'event_log' %}
        records.event_type,
        records.module_id,
        {%- else %}
        cast(null as text) as event_type,
        cast(null as text) as module_id,
        {%- endif %}
        records.module_version,
        records._batch_id,
        records._line_number
    from {{ source('training', table) }} as records
    {{ 'union all' if not loop.last }}
    {%- endfor %}
{%- endmacro %}
