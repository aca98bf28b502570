{#- Columns that a relation has and its yml does not, or the other way round, in those relations that are there. -#}
{% macro deviating_columns(nodes) -%}
with declared as (
    {{ declared_columns(nodes) }}
),

actual as (
    select
        cast(table_schema as text) as table_schema,
        cast(table_name as text) as table_name,
        cast(column_name as text) as column_name
    from information_schema.columns
    where cast(table_schema as text) || '.' || cast(table_name as text) in (
        select declared.table_schema || '.' || declared.table_name from declared
    )
),

built as (
    select
        declared.table_schema,
        declared.table_name,
        declared.column_name
    from declared
    where exists (
        select 1
        from actual
        where
            declared.table_schema = actual.table_schema
            and declared.table_name = actual.table_name
    )
)

select
    coalesce(built.table_name, actual.table_name) as table_name,
    coalesce(built.column_name, actual.column_name) as column_name,
    case when actual.column_name is null then 'missing in the warehouse' else 'not in the yml' end as finding
from built
full outer join actual
    on
        built.table_schema = actual.table_schema
        and built.table_name = actual.table_name
        and built.column_name = actual.column_name
where
    built.column_name is null
    or actual.column_name is null
{%- endmacro %}
