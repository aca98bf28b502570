{% macro seconds_between(start_time, end_time) -%}
    {{ adapter.dispatch('seconds_between', 'strata')(start_time, end_time) }}
{%- endmacro %}

{% macro duckdb__seconds_between(start_time, end_time) -%}
    (cast(epoch_us({{ end_time }}) - epoch_us({{ start_time }}) as double) / 1000000.0::double)
{%- endmacro %}

{% macro postgres__seconds_between(start_time, end_time) -%}
    (
        cast(extract(epoch from {{ end_time }} - {{ start_time }}) * 1000000 as double precision)
        / cast(1000000 as double precision)
    )
{%- endmacro %}
