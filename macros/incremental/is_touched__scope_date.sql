{% macro is_touched__scope_date(alias, date_column, batches) -%}
    {%- set dates = [] -%}
    {%- for row in run_query(
        'select distinct touched.date from ' ~ touched_scope_dates(batches) ~ ' as touched'
    ).rows -%}
        {%- do dates.append((row[0] | string)[:10]) -%}
    {%- endfor -%}
    {{ date_is_one_of(alias ~ '.' ~ date_column, dates) }}
{%- endmacro %}
