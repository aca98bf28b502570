{% macro number_of_text(text) -%}
    case
        when length({{ text }}) <= 40 and {{ text }} ~ '^-?[0-9]+([.][0-9]+)?([eE][+-]?[0-9]{1,2})?$'
            then cast({{ text }} as float8)
    end
{%- endmacro %}
