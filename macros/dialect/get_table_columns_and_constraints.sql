{#- Overrides dbt's own, which leaves constraints unnamed: PostgreSQL says no more of a broken one than its name. So a check is
    named by what it claims, as far as an identifier goes. -#}
{% macro default__get_table_columns_and_constraints() -%}
    {%- set constrained = is_constrained(model) -%}
    (
    {%- for column in model.columns.values() %}
        {{ adapter.quote(column.name) }} {{ api.Column.translate_type(column.data_type) }}
        {%- for constraint in column.constraints if constrained %}
            {%- if constraint.type == 'not_null' %} not null
            {%- else %} constraint {{ adapter.quote(constraint.expression[:63]) }} check ({{ constraint.expression }})
            {%- endif %}
        {%- endfor %}
        {{- ',' if not loop.last }}
    {%- endfor %}
    )
{%- endmacro %}
