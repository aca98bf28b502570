{% macro sorted_distinct_array(expression) -%}
    {{ adapter.dispatch('sorted_distinct_array', 'strata')(expression) }}
{%- endmacro %}

{% macro duckdb__sorted_distinct_array(expression) -%}
    coalesce(list_sort(list_distinct({{ expression }})), {{ empty_text_array() }})
{%- endmacro %}

{% macro postgres__sorted_distinct_array(expression) -%}
    array(
        select distinct (elements.element) collate "C"
        from unnest({{ expression }}) as elements(element)
        where elements.element is not null
        order by 1
    )
{%- endmacro %}
