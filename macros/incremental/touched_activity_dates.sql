{% macro touched_activity_dates(batches=none) -%}
    {#- As literals, by which an engine can skip what lies elsewhere; see touched_dates. -#}
    {%- if not execute -%}
        {%- do return([]) -%}
    {%- endif -%}
    {%- do return(dates_of(
        'select distinct partition_date from ' ~ touched_session_days(batches) ~ ' as touched order by 1'
    )) -%}
{%- endmacro %}
