{% macro session_ms(started_at, instant) -%}
    {{ integer_quotient('(' ~ microseconds_of(instant) ~ ' - ' ~ microseconds_of(started_at) ~ ')', 1000) }}
{%- endmacro %}
