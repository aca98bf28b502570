{#- Overrides dbt's own, which asks the engine for the types of every contract, once for each model and run. -#}
{% macro default__get_assert_columns_equivalent(sql) -%}
    {%- set names = names_of_types(model.columns.values() | map(attribute='data_type') | list) -%}
    {%- set declared = [] -%}
    {%- for column in model.columns.values() -%}
        {%- do declared.append(api.Column(column.name, names[column.data_type])) -%}
    {%- endfor -%}
    {%- set declared = format_columns(declared) -%}
    {%- set computed = format_columns(get_column_schema_from_query(sql)) -%}
    {%- if computed | map(attribute='formatted') | sort != declared | map(attribute='formatted') | sort -%}
        {%- do exceptions.raise_contract_error(declared, computed) -%}
    {%- endif -%}
{%- endmacro %}
