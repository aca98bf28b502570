{% macro integer_quotient(dividend, divisor) -%}
    {{ adapter.dispatch('integer_quotient', 'strata')(dividend, divisor) }}
{%- endmacro %}

{% macro default__integer_quotient(dividend, divisor) -%}
    (cast({{ dividend }} as bigint) / cast({{ divisor }} as bigint))
{%- endmacro %}

{% macro duckdb__integer_quotient(dividend, divisor) -%}
    (cast({{ dividend }} as bigint) // cast({{ divisor }} as bigint))
{%- endmacro %}
