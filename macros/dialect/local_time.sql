{% macro local_time(utc_timestamp, timezone) -%}
    {{ adapter.dispatch('local_time', 'strata')(utc_timestamp, timezone) }}
{%- endmacro %}

{% macro default__local_time(utc_timestamp, timezone) -%}
    timezone({{ timezone }}, timezone('UTC', {{ utc_timestamp }}))
{%- endmacro %}
