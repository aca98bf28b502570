{#- Text as a JSON string; null becomes the JSON word null. -#}
{% macro json_string(value) -%}
    {{ return(adapter.dispatch('json_string', 'strata')(value)) }}
{%- endmacro %}

{% macro default__json_string(value) -%}
    coalesce(cast(to_json(cast({{ value }} as text)) as text), 'null')
{%- endmacro %}

{#- DuckDB writes a control character as \u001F, PostgreSQL as \u001f; such a text is put right token by token. -#}
{% macro duckdb__json_string(value) -%}
    coalesce(
        case
            when regexp_matches({{ value }}, '[\x0b\x0e\x0f\x1a-\x1f]')
                then array_to_string(
                    list_transform(
                        regexp_extract_all(cast(to_json({{ value }}) as varchar), '\\u[0-9A-F]{4}|\\.|[^\\]+'),
                        lambda token: case when token like '\u%' then lower(token) else token end
                    ),
                    ''
                )
            else cast(to_json(cast({{ value }} as varchar)) as varchar)
        end,
        'null'
    )
{%- endmacro %}
