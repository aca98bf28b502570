{% macro names_of_types(types) -%}
    {%- set known = remembered('names of types') -%}
    {%- set unknown = types | unique | reject('in', known) | list -%}
    {%- if unknown -%}
        {%- set columns = [] -%}
        {%- for type in unknown -%}
            {%- do columns.append('cast(null as ' ~ type ~ ') as column_' ~ loop.index) -%}
        {%- endfor -%}
        {%- for column in get_column_schema_from_query('select ' ~ columns | join(', ')) -%}
            {%- do known.update({unknown[loop.index0]: column.dtype}) -%}
        {%- endfor -%}
    {%- endif -%}
    {%- do return(known) -%}
{%- endmacro %}
