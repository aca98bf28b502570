{% macro generate_schema_name(custom_schema_name, node) -%}
    {%- if custom_schema_name is none -%}
        {{ target.schema }}
    {%- else -%}
        {{ env_var('STRATA_SCHEMA_PREFIX', '') }}{{ custom_schema_name | trim | replace('{area}', node.fqn[1]) }}
    {%- endif -%}
{%- endmacro %}
