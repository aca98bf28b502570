{% macro latest_value(value, at, ties=[]) -%}
    {{ adapter.dispatch('latest_value', 'strata')(value, at, ties) }}
{%- endmacro %}

{% macro duckdb__latest_value(value, at, ties=[]) -%}
    arg_max({{ value }}, {{ 'row(' ~ ([at] + ties) | join(', ') ~ ')' if ties else at }})
    filter (where {{ value }} is not null and {{ at }} is not null)
{%- endmacro %}

{% macro postgres__latest_value(value, at, ties=[]) -%}
    (
        array_agg(
            {{ value }}
            order by {{ at }} desc
            {%- for tie in ties %}, {{ binary_order(tie) }} desc nulls last{% endfor %}
        ) filter (where {{ value }} is not null and {{ at }} is not null)
    )[1]
{%- endmacro %}
