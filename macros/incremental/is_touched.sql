{% macro is_touched(kind, alias, column=none, recorded=false) -%}
    {#- A unit test has no work lists, since dbt gives it no graph. -#}
    {%- if not execute or 'nodes' not in graph -%}
        {%- do return(alias ~ '.' ~ column ~ ' is not null' if column else 'true') -%}
    {%- endif -%}
    {%- set kind = work_kind(kind) -%}
    {%- set column = column or kind.day -%}
    {%- if not is_incremental() -%}
        {#- A row whose partition column is null belongs to no partition: no incremental run would see it, so a full
            refresh must not either. -#}
        {{ alias }}.{{ column if has_day(kind) else kind.match | last }} is not null
    {%- elif backfill_range() and kind.backfill == 'none' -%}
        {#- The kind has no days, so a backfill changes none of its rows. -#}
        false
    {%- elif backfill_range() and kind.backfill == 'day' -%}
        {%- set backfill = backfill_range() -%}
        {%- do read_one_snapshot() -%}
        {{ alias }}.{{ column }} between cast('{{ backfill.first }}' as date) and cast('{{ backfill.last }}' as date)
    {%- else -%}
        {{ is_touched_by(kind, alias, column, batch_range(recorded)) }}
    {%- endif -%}
{%- endmacro %}
