{% macro remembered(what) -%}
    {#- dbt keeps `graph` for all nodes of a run, and makes it anew for the next one. -#}
    {%- do return(graph.setdefault('remembered ' ~ what ~ ' ' ~ invocation_id, {})) -%}
{%- endmacro %}
