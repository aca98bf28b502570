{% macro json_kind(document) -%}
    {{ return(adapter.dispatch('json_kind', 'strata')(document)) }}
{%- endmacro %}

{% macro default__json_kind(document) -%}
    json_typeof({{ document }})
{%- endmacro %}

{% macro duckdb__json_kind(document) -%}
    case json_type({{ document }})
        when 'VARCHAR' then 'string'
        when 'UBIGINT' then 'number'
        when 'BIGINT' then 'number'
        when 'HUGEINT' then 'number'
        when 'DOUBLE' then 'number'
        else lower(json_type({{ document }}))
    end
{%- endmacro %}
