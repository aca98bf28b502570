-- Section 6, no schema deviation (E_SCHEMA_MISMATCH): every raw table has exactly the columns of its contract.
-- depends_on: {{ source('training', 'event_log') }}
-- depends_on: {{ source('training', 'interaction_log') }}
-- depends_on: {{ source('training', 'org_scope') }}
-- depends_on: {{ source('training', 'session_log') }}
with declared as (
    {{ declared_columns('training', 'source') }}
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
