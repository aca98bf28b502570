{#- A row that came or went is one line with column *. It counts only on a day that the table already shows: the first
    rows of a day restate nothing, since nothing was published for that day. -#}
{% macro changed_values(compared_rows, columns, target) -%}
select
    compared.*,
    '*' as column_name,
    case when was_there then 'a row' end as old_value,
    case when is_there then 'a row' end as new_value
from {{ compared_rows }} as compared
where
    was_there <> is_there
    and exists (
        select 1
        from {{ target }} as published
        where published.{{ columns.day }} = compared.{{ columns.day }}
    )
{%- for column in columns.compared %}
union all
select
    compared.*,
    '{{ column.name }}' as column_name,
    old_{{ column.name }} as old_value,
    new_{{ column.name }} as new_value
from {{ compared_rows }} as compared
where was_there and is_there and old_{{ column.name }} is distinct from new_{{ column.name }}
{%- endfor %}
{%- endmacro %}
