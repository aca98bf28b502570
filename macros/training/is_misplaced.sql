{#- A scope under several places on that day has them all, under several labels. -#}
{% macro is_misplaced(row, places) -%}
    (
        false
        {%- for level in scope_levels() %}
        {%- set id = row ~ '.' ~ level ~ '_id' %}
        {%- set first, last = places ~ '.first_' ~ level ~ '_id', places ~ '.last_' ~ level ~ '_id' %}
        or case
            when {{ row }}.scope_level not in ('{{ scope_levels()[loop.index0:] | join("', '") }}')
                then {{ id }} is not null
            else
                ({{ id }} = 'mixed' and {{ first }} < {{ last }}) is not true
                and not coalesce({{ id }} between {{ first }} and {{ last }}, false)
        end
        {%- endfor %}
    )
{%- endmacro %}
