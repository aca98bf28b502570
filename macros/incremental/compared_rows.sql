{#- Both sides are stacked and grouped by the key, not joined: a key may hold a null, such as a missing version. -#}
{% macro compared_rows(old_rows, new_rows, columns) -%}
select
    {{ record_key_json(columns.key, 'both_sides') }} as record_key,
    {%- for column in columns.key %}
    {{ column }},
    {%- endfor %}
    {%- if columns.day not in columns.key %}
    coalesce(max(case when not is_new then {{ columns.day }} end), max({{ columns.day }})) as {{ columns.day }},
    {%- endif %}
    {%- for column in columns.compared %}
    max(case when not is_new then {{ value_as_text(column.name, column.data_type) }} end) as old_{{ column.name }},
    max(case when is_new then {{ value_as_text(column.name, column.data_type) }} end) as new_{{ column.name }},
    {%- endfor %}
    max(case when is_new then 0 else 1 end) = 1 as was_there,
    max(case when is_new then 1 else 0 end) = 1 as is_there
from (
    {%- set names = columns.key + [columns.day] + columns.compared | map(attribute='name') | list %}
    {%- for rows, is_new in [(old_rows, 'false'), (new_rows, 'true')] %}
    select
        {{ names | unique | join(',\n        ') }},
        {{ is_new }} as is_new
    from {{ rows }}
    {{ 'union all' if not loop.last }}
    {%- endfor %}
) as both_sides
group by {{ columns.key | join(', ') }}
{%- endmacro %}
