{% macro backfill_range() -%}
    {%- set first, last = var('backfill_from', none), var('backfill_to', none) -%}
    {%- if not (first and last) -%}
        {%- do return(none) -%}
    {%- endif -%}
    {%- do return({
        'first': modules.datetime.date.fromisoformat(first | string),
        'last': modules.datetime.date.fromisoformat(last | string),
    }) -%}
{%- endmacro %}
