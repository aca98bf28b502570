{#- The parents of a scope in the organisation, as four columns, for rows grouped by scope_level and scope_id. -#}
{% macro scope_place() -%}
    {%- set levels = scope_levels() -%}
    {%- for level in levels %}
    case
        when scope_level in ('{{ levels[loop.index0:] | join("', '") }}')
            then coalesce(
                {{ version_label('case when records > 0 then ' ~ level ~ '_id end') }}, {{ version_label(level ~ '_id') }}
            )
    end as {{ level }}_id{{ ',' if not loop.last }}
    {%- endfor %}
{%- endmacro %}
