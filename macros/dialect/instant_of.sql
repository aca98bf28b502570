{% macro instant_of(microseconds) -%}
    {{ adapter.dispatch('instant_of', 'strata')(microseconds) }}
{%- endmacro %}

{#- In whole seconds and the rest: an interval is multiplied by a double, which holds no more than 53 bits. -#}
{% macro default__instant_of(microseconds) -%}
    (
        cast('1970-01-01' as timestamp)
        + ({{ microseconds }}) / 1000000 * interval '1 second'
        + ({{ microseconds }}) % 1000000 * interval '1 microsecond'
    )
{%- endmacro %}

{% macro duckdb__instant_of(microseconds) -%}
    make_timestamp({{ microseconds }})
{%- endmacro %}
