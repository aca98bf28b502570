-- P-04 and AG-DATA-05: every relation of the area has exactly the columns its yml declares, no more and no fewer.
-- depends_on: {{ ref('snapshot_hourly_user') }}
-- depends_on: {{ ref('agg_region') }}
-- depends_on: {{ ref('agg_country') }}
-- depends_on: {{ ref('agg_branch') }}
-- depends_on: {{ ref('agg_team') }}
-- depends_on: {{ ref('agg_region_by_version') }}
-- depends_on: {{ ref('agg_country_by_version') }}
-- depends_on: {{ ref('agg_branch_by_version') }}
-- depends_on: {{ ref('agg_team_by_version') }}
-- depends_on: {{ ref('rank_scope') }}
-- depends_on: {{ ref('kpi_by_version') }}
-- depends_on: {{ ref('insights_payload') }}
with declared as (
    {{ declared_columns('training', 'model') }}
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
