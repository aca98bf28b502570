{% macro touched_dates(kind, batches=none) -%}
    {#- The days as a list of literals, read in the model's own snapshot: an engine can skip whole row groups or use an
        index for a literal, not for a subquery. -#}
    {%- if not execute -%}
        {%- do return([]) -%}
    {%- endif -%}
    {%- set kind = kind if kind is mapping else work_kind(kind) -%}
    {%- set backfill = backfill_range() -%}
    {%- if backfill and not kind.instants -%}
        {%- set dates = [] -%}
        {%- for day in range((backfill.last - backfill.first).days + 1) -%}
            {%- do dates.append((backfill.first + modules.datetime.timedelta(days=day)) | string) -%}
        {%- endfor -%}
        {%- do return(dates) -%}
    {%- endif -%}
    {%- set batches = batches or batch_range() -%}
    {%- do return(dates_of(
        'select distinct work.' ~ kind.day ~ ' from ' ~ kind.list ~ ' as work where '
        ~ is_in_work(kind, 'work', batches) ~ ' order by 1'
    )) -%}
{%- endmacro %}
