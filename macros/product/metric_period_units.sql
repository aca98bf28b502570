{#- Names of the periods with the unit of each. Weeks begin on Monday on every engine. -#}
{% macro metric_period_units() -%}
    {%- do return({'hourly': 'hour', 'daily': 'day', 'weekly': 'week', 'monthly': 'month'}) -%}
{%- endmacro %}
