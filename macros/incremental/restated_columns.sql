{% macro restated_columns() -%}
    {#- Two kinds of columns restate nothing: when a row was written (run_time), and what a helper does not publish
        (internal). -#}
    {%- set meta = model.config.meta -%}
    {%- do return({
        'key': meta.key,
        'day': meta.restate.get('day') or meta.get('partition_date', 'business_date'),
        'compared': model.columns.values()
            | rejectattr('name', 'in', meta.key)
            | rejectattr('config.meta.run_time', 'true')
            | rejectattr('config.meta.internal', 'true') | list,
    }) -%}
{%- endmacro %}
