{% macro is_touched(kind, alias, column=none, recorded=false) -%}
    {#- A unit test knows no work lists: dbt gives it no graph. -#}
    {%- if not execute or 'nodes' not in graph -%}
        {%- do return(alias ~ '.' ~ column ~ ' is not null' if column else 'true') -%}
    {%- endif -%}
    {%- set kind = work_kind(kind) -%}
    {%- set column = column or kind.day -%}
    {%- if not is_incremental() -%}
        {#- A row without its partition is in none: an incremental run would not see it, so a full one must not either. -#}
        {{ alias }}.{{ column if has_day(kind) else kind.match | last }} is not null
    {%- elif backfill_range() and kind.backfill == 'none' -%}
        {#- Not by day; what no batch changes stays as it is. -#}
        false
    {%- elif backfill_range() and kind.backfill == 'day' -%}
        {%- set backfill = backfill_range() -%}
        {%- do read_one_snapshot() -%}
        {{ alias }}.{{ column }} between cast('{{ backfill.first }}' as date) and cast('{{ backfill.last }}' as date)
    {%- else -%}
        {{ is_touched_by(kind, alias, column, batch_range(recorded)) }}
    {%- endif -%}
{%- endmacro %}
