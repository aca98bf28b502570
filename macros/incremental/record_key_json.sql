{% macro record_key_json(key) -%}
    {%- for column in key -%}
        '{{ '{' if loop.first else ', ' }}"{{ column }}": '
        || {{ json_string('cast(changes.' ~ column ~ ' as text)') }} ||{{ ' ' }}
    {%- endfor -%}
    '}'
{%- endmacro %}
