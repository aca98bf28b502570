{% macro record_key_json(key, alias) -%}
    {%- for column in key -%}
        '{{ '{' if loop.first else ', ' }}"{{ column }}": '
        || {{ json_string('cast(' ~ alias ~ '.' ~ column ~ ' as text)') }} ||{{ ' ' }}
    {%- endfor -%}
    '}'
{%- endmacro %}
