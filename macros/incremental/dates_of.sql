{% macro dates_of(query) -%}
    {#- Many tests of a run ask for the same days, after the work list was built: they are read once. dbt keeps `graph`
        for all nodes of a run. A model reads them in its own snapshot. -#}
    {%- set known = {} -%}
    {%- if model.resource_type == 'test' -%}
        {%- set known = graph.setdefault('dates_of_tests ' ~ invocation_id, {}) -%}
    {%- endif -%}
    {%- if query not in known -%}
        {%- set dates = [] -%}
        {%- for row in run_query(query).rows -%}
            {%- do dates.append((row[0] | string)[:10]) -%}
        {%- endfor -%}
        {%- do known.update({query: dates}) -%}
    {%- endif -%}
    {%- do return(known[query]) -%}
{%- endmacro %}
