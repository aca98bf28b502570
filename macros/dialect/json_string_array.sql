{#- An array of texts as a JSON array of strings in the array's order; null becomes an empty array. -#}
{% macro json_string_array(value) -%}
    {{ return(adapter.dispatch('json_string_array', 'strata')(value)) }}
{%- endmacro %}

{% macro default__json_string_array(value) -%}
    coalesce(
        (
            select '[' || string_agg({{ json_string('elements.element') }}, ',' order by elements.position) || ']'
            from unnest({{ value }}) with ordinality as elements (element, position)
        ),
        '[]'
    )
{%- endmacro %}

{% macro duckdb__json_string_array(value) -%}
    coalesce(
        '[' || array_to_string(list_transform({{ value }}, lambda element: {{ json_string('element') }}), ',') || ']',
        '[]'
    )
{%- endmacro %}
