{% macro dates_of(query) -%}
    {%- set dates = [] -%}
    {%- for row in run_query(query).rows -%}
        {%- do dates.append((row[0] | string)[:10]) -%}
    {%- endfor -%}
    {%- do return(dates) -%}
{%- endmacro %}
