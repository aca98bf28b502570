{#- Where it is not known, because the model has only views or several values of as_of, that of this run. -#}
{% macro horizon_of(name) -%}
    {%- if not execute -%}
        {%- do return(as_of_end()) -%}
    {%- endif -%}
    {%- set relation = area_relation(name) -%}
    coalesce(
        (
            select horizons.horizon
            from {{ source('ops', 'horizons') }} as horizons
            where horizons.model_name = '{{ relation.schema }}.{{ relation.identifier }}'
        ),
        {{ as_of_end() }}
    )
{%- endmacro %}
