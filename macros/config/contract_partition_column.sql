{#- The same as Contract.partition_column of the door; a test compares the two. -#}
{% macro contract_partition_column(source) -%}
    {%- set filled = [] -%}
    {%- for column in source.columns.values() if column.config.meta.get('filled') == 'event_date' -%}
        {%- do filled.append(column.name) -%}
    {%- endfor -%}
    {{- return((filled + ['_event_date']) | first) -}}
{%- endmacro %}
