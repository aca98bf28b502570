{% macro is_touched(partition, alias, date_column='business_date', recorded=false) -%}
    {%- if not (execute and is_incremental()) -%}
        {#- A row without its partition is in none: an incremental run would not see it, so a full one must not either. -#}
        {{ alias }}.{{ 'module_id' if partition == 'attempt' else date_column }} is not null
    {%- elif backfill_range() -%}
        {{ is_backfilled(partition, alias, date_column) }}
    {%- else -%}
        {{ context['is_touched__' ~ partition](alias, date_column, batch_range(recorded)) }}
    {%- endif -%}
{%- endmacro %}
