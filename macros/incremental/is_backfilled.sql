{% macro is_backfilled(partition, alias, date_column) -%}
    {%- set backfill = backfill_range() -%}
    {%- if partition in ['batch', 'record_id', 'event_copy', 'arrived_event'] -%}
        {#- Not by date; what no batch changes stays as it is. -#}
        false
    {%- elif partition in ['attempt', 'user', 'session', 'active_session', 'chain_from', 'chain_learner'] -%}
        {{ context['is_touched__' ~ partition](alias, date_column, batch_range()) }}
    {%- else -%}
        {%- do read_one_snapshot() -%}
        {{ alias }}.{{ date_column }} between cast('{{ backfill.first }}' as date) and cast('{{ backfill.last }}' as date)
    {%- endif -%}
{%- endmacro %}
