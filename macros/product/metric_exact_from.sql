{#- The day from which on percentiles are exact; none where all are. -#}
{% macro metric_exact_from() -%}
    {%- set days = var('metric_raw_days', none) -%}
    {%- do return(none if days is none else add_days(as_of_date(), -1 * (days | int))) -%}
{%- endmacro %}
