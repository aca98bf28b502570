{% macro of_all_areas(what, columns) -%}
    {%- for area in var('areas') %}
    select
        '{{ area }}' as area,
        {{ columns | join(',\n        ') }}
    from {{ ref('int_' ~ area ~ '__' ~ what) }}
    {{ 'union all' if not loop.last }}
    {%- endfor %}
{%- endmacro %}
