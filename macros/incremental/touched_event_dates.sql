{% macro touched_event_dates(alias) -%}
    {#- Prunes a raw table to the UTC dates on which a touched local day can lie; local dates are at most a day off. -#}
    {%- if not (execute and is_incremental()) -%}
        {{ alias }}._batch_id is not null
    {%- else -%}
        {{ is_touched__event_date(alias, '_event_date', batch_range()) }}
    {%- endif -%}
{%- endmacro %}
