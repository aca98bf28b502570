{% macro assert_columns_stand(target, query) -%}
    {%- set computed, standing = [], [] -%}
    {%- for columns, found in [(get_column_schema_from_query(query), computed),
        (get_column_schema_from_query('select * from ' ~ target), standing)] -%}
        {%- for column in format_columns(columns) -%}
            {%- do found.append(column.formatted) -%}
        {%- endfor -%}
    {%- endfor -%}
    {%- if computed | sort != standing | sort -%}
        {%- do exceptions.raise_compiler_error(
            target ~ ' was built with other columns (' ~ standing | reject('in', computed) | join(', ')
            ~ ' instead of ' ~ computed | reject('in', standing) | join(', ')
            ~ '). Build it anew with --full-refresh.'
        ) -%}
    {%- endif -%}
{%- endmacro %}
