{% macro is_backfilled(partition, alias, date_column) -%}
    {%- do read_one_snapshot() -%}
    {%- set range = backfill_range() -%}
    {%- if partition in ['batch', 'record_id'] -%}
        {#- Not by date; what no batch changes stays as it is. -#}
        false
    {%- elif partition == 'attempt' -%}
        {{ is_touched__attempt(alias, date_column, none) }}
    {%- else -%}
        {{ alias }}.{{ date_column }} between cast('{{ range.first }}' as date) and cast('{{ range.last }}' as date)
    {%- endif -%}
{%- endmacro %}
