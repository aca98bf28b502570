{% macro standing_columns(target, query) -%}
    {%- set computed = format_columns(get_column_schema_from_query(query)) -%}
    {%- set standing = format_columns(get_column_schema_from_query('select * from ' ~ target)) -%}
    {%- set is_now = computed | map(attribute='formatted') | list -%}
    {%- set was = standing | map(attribute='formatted') | list -%}
    {%- if is_now | sort != was | sort -%}
        {%- set gone = was | reject('in', is_now) | join(', ') -%}
        {%- set added = is_now | reject('in', was) | join(', ') -%}
        {%- do exceptions.raise_compiler_error(
            target ~ ' was built with other columns: only the table has ' ~ (gone or 'none')
            ~ ', only the model has ' ~ (added or 'none') ~ '. Build it anew with --full-refresh.'
        ) -%}
    {%- endif -%}
    {%- do return(computed | map(attribute='name') | list) -%}
{%- endmacro %}
