{% macro earliest_value(value, at, ties=[]) -%}
    {{ adapter.dispatch('earliest_value', 'strata')(value, at, ties) }}
{%- endmacro %}

{% macro duckdb__earliest_value(value, at, ties=[]) -%}
    arg_min({{ value }}, {{ 'row(' ~ ([at] + ties) | join(', ') ~ ')' if ties else at }})
    filter (where {{ value }} is not null and {{ at }} is not null)
{%- endmacro %}

{% macro postgres__earliest_value(value, at, ties=[]) -%}
    (
        array_agg(
            {{ value }}
            order by {{ at }}
            {%- for tie in ties %}, {{ binary_order(tie) }}{% endfor %}
        ) filter (where {{ value }} is not null and {{ at }} is not null)
    )[1]
{%- endmacro %}
