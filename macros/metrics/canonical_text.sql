{% macro canonical_text(expression, data_type) -%}
    {%- if data_type == 'text[]' -%}
        coalesce(
            {{ array_length_of(expression) }} || chr(29) || array_to_string({{ expression }}, chr(29)),
            chr(30)
        )
    {%- elif data_type == 'float8' -%}
        coalesce(
            case
                when abs({{ expression }}) < 1e15 then {{ json_double(expression) }}
                else 'large'
            end,
            chr(30)
        )
    {%- else -%}
        coalesce(cast({{ expression }} as text), chr(30))
    {%- endif -%}
{%- endmacro %}
