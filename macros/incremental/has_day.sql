{% macro has_day(kind) -%}
    {%- do return(kind.name == 'batch' or kind.from is not none or kind.day in kind.match or kind.match == []) -%}
{%- endmacro %}
