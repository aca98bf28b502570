{% macro key_in_words(key, alias) -%}
    {%- for column in key -%}
        '{{ ', ' if not loop.first }}{{ column }} ' || coalesce(cast({{ alias }}.{{ column }} as text), 'null')
        {{- ' || ' if not loop.last }}
    {%- endfor -%}
{%- endmacro %}
