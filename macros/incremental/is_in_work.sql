{% macro is_in_work(kind, alias, batches) -%}
    {%- set backfill = backfill_range() -%}
    {%- if backfill -%}
        {{ alias }}.{{ kind.day }} between cast('{{ backfill.first }}' as date) and cast('{{ backfill.last }}' as date)
    {%- else -%}
        {{ is_touched__batch(alias, kind.batch_column, batches) }}
    {%- endif -%}
{%- endmacro %}
