{% macro is_touched(partition, alias, date_column='business_date', recorded=false) -%}
    {%- if not (execute and is_incremental()) -%}
        {#- A row without its partition is in none: an incremental run would not see it, so a full one must not either. -#}
        {%- set columns = {
            'attempt': 'module_id', 'event_copy': 'event_id', 'session': 'session_id', 'active_session': 'session_id'
        } -%}
        {{ alias }}.{{ columns.get(partition, date_column) }} is not null
    {%- elif backfill_range() -%}
        {{ is_backfilled(partition, alias, date_column) }}
    {%- else -%}
        {{ context['is_touched__' ~ partition](alias, date_column, batch_range(recorded)) }}
    {%- endif -%}
{%- endmacro %}
