{% macro first_needed_date(kind, days_before) -%}
    {#- A unit test has no work lists, since dbt gives it no graph. -#}
    {%- if not execute or 'nodes' not in graph or not is_incremental() -%}
        cast('0001-01-01' as date)
    {%- else -%}
        {{ add_days(first_touched_date(kind), -1 * days_before) }}
    {%- endif -%}
{%- endmacro %}
