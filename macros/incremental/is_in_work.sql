{% macro is_in_work(alias, day, batches) -%}
    {%- set backfill = backfill_range() -%}
    {%- if backfill -%}
        {{ day }} between cast('{{ backfill.first }}' as date) and cast('{{ backfill.last }}' as date)
    {%- else -%}
        {{ is_touched__batch(alias, 'batch_id', batches) }}
    {%- endif -%}
{%- endmacro %}
