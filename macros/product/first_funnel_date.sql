{% macro first_funnel_date(batches) -%}
    {%- set days = run_query(
        'select coalesce(max(window_seconds), 0) from ' ~ area_relation('int_product__funnel_steps')
    ).columns[0].values()[0] | int // 86400 + 1 -%}
    {%- set first = touched_dates('product_date', batches) | first -%}
    {%- if not first -%}
        {%- do return("cast('9999-12-31' as date)") -%}
    {%- endif -%}
    {%- set first = modules.datetime.date.fromisoformat(first) - modules.datetime.timedelta(days=days) -%}
    {%- do return("cast('" ~ first ~ "' as date)") -%}
{%- endmacro %}
