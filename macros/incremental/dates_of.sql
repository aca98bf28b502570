{% macro dates_of(query) -%}
    {#- Many tests of a run ask for the same days, after the work list was built: they are read once. A model reads them
        in its own snapshot, and asks again when it writes. -#}
    {%- set known = remembered('dates of ' ~ (model.unique_id if model.resource_type == 'model' else 'tests')) -%}
    {%- if query not in known -%}
        {%- set dates = [] -%}
        {%- for row in run_query(query).rows -%}
            {%- do dates.append((row[0] | string)[:10]) -%}
        {%- endfor -%}
        {%- do known.update({query: dates}) -%}
    {%- endif -%}
    {%- do return(known[query]) -%}
{%- endmacro %}
