{% macro contract_partitioning(source) -%}
    {{ adapter.dispatch('contract_partitioning', 'strata')(source) }}
{%- endmacro %}

{% macro default__contract_partitioning(source) -%}
{%- endmacro %}

{% macro postgres__contract_partitioning(source) -%}
    {%- if source.config.meta.get('partition') == 'month' -%}
        partition by range ({{ contract_partition_column(source) }})
    {%- endif -%}
{%- endmacro %}
