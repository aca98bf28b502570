{% macro microseconds_of(instant) -%}
    {{ adapter.dispatch('microseconds_of', 'strata')(instant) }}
{%- endmacro %}

{% macro default__microseconds_of(instant) -%}
    cast(extract(epoch from {{ instant }}) * 1000000 as bigint)
{%- endmacro %}

{% macro duckdb__microseconds_of(instant) -%}
    epoch_us({{ instant }})
{%- endmacro %}
