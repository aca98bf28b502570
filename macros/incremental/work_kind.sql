{% macro work_kind(name, area=none) -%}
    {%- if name == 'batch' -%}
        {%- do return({'name': 'batch', 'match': [], 'backfill': 'none', 'macro': true}) -%}
    {%- endif -%}
    {%- set area = area or area_of(model) -%}
    {%- set kinds = work_kinds(area) -%}
    {%- if name not in kinds -%}
        {%- do exceptions.raise_compiler_error(
            'no work list of ' ~ area ~ ' declares the kind ' ~ name ~ '; there are ' ~ (kinds | sort | join(', '))
        ) -%}
    {%- endif -%}
    {%- do return(kinds[name]) -%}
{%- endmacro %}
