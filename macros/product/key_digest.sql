{% macro key_digest(columns) -%}
    md5(
        {%- for column in columns %}
        cast({{ column }} as text){{ ' || chr(31) ||' if not loop.last }}
        {%- endfor %}
    )
{%- endmacro %}
