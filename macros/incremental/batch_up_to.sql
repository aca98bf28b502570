{% macro batch_up_to(name) -%}
    {%- if not execute -%}
        {%- do return('0') -%}
    {%- endif -%}
    {%- set relation = area_relation(name) -%}
    coalesce(
        (
            select watermarks.batch_id
            from {{ source('ops', 'watermarks') }} as watermarks
            where watermarks.model_name = '{{ relation.schema }}.{{ relation.identifier }}'
        ),
        0
    )
{%- endmacro %}
