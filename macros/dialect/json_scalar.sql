{#- An engine reads a number as a double, or not at all: what lies below 1e-300 is zero, since PostgreSQL refuses the
    smallest ones. Adding zero makes zero of minus zero. -#}
{% macro json_scalar(document) -%}
    {{ return(adapter.dispatch('json_scalar', 'strata')(document)) }}
{%- endmacro %}

{% macro default__json_scalar(document) -%}
    case {{ json_kind(document) }}
        when 'string' then 'text ' || ({{ document }} #>> '{}')
        when 'number' then 'number ' || cast(
            case
                when abs(cast({{ document }} #>> '{}' as numeric)) < 1e-300 then 0
                else cast({{ document }} #>> '{}' as float8) + 0
            end as text
        )
        when 'boolean' then ({{ document }} #>> '{}')
        when 'array' then 'no scalar'
        when 'object' then 'no scalar'
        else 'null'
    end
{%- endmacro %}

{% macro duckdb__json_scalar(document) -%}
    case {{ json_kind(document) }}
        when 'string' then 'text ' || ({{ document }} ->> '$')
        when 'number' then 'number ' || {{ json_double(
            'case when abs(cast(' ~ document ~ " ->> '$' as double)) < 1e-300 then 0 else cast("
            ~ document ~ " ->> '$' as double) + 0 end"
        ) }}
        when 'boolean' then ({{ document }} ->> '$')
        when 'array' then 'no scalar'
        when 'object' then 'no scalar'
        else 'null'
    end
{%- endmacro %}
