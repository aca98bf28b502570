{% macro sorted_distinct_texts(expression) -%}
    {{ adapter.dispatch('sorted_distinct_texts', 'strata')(expression) }}
{%- endmacro %}

{% macro default__sorted_distinct_texts(expression) -%}
    coalesce(
        array_agg(distinct {{ binary_order(expression) }} order by {{ binary_order(expression) }})
        filter (where {{ expression }} is not null),
        {{ empty_text_array() }}
    )
{%- endmacro %}
