{% macro is_touched(partition, alias, date_column='business_date', recorded=false) -%}
    {%- if not (execute and is_incremental()) -%}
        true
    {%- else -%}
        {{ context['is_touched__' ~ partition](alias, date_column, batch_range(recorded)) }}
    {%- endif -%}
{%- endmacro %}
