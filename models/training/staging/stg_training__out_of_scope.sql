-- One row per raw record whose scope ids are no path of the organisation on its local date (AG-DATA-04).
-- Not materialized, and a join: so that a question about some batches reads those only.
with records as not materialized (
    {{ records_of_training_logs() }}
),

places as (
    select * from {{ ref('stg_training__org_scope') }}
),

-- the local date of a record out of scope is that of its path at another time, where there is such a path
paths as (
    select
        region_id,
        country_id,
        branch_id,
        team_id,
        {{ latest_value('timezone', 'valid_from', ['timezone']) }} as timezone
    from places
    group by region_id, country_id, branch_id, team_id
),

in_scope as not materialized (
    select
        records.record_table,
        records._batch_id,
        records._line_number
    from records
    inner join places
        on
            records.region_id = places.region_id
            and records.country_id = places.country_id
            and records.branch_id = places.branch_id
            and records.team_id = places.team_id
    where
        places.valid_from <= cast({{ local_time('records.event_time', 'places.timezone') }} as date)
        and (
            places.valid_to is null
            or places.valid_to > cast({{ local_time('records.event_time', 'places.timezone') }} as date)
        )
),

out_of_scope as (
    select
        records.*,
        case
            when paths.timezone is null then ' is no path of the organisation'
            else
                ' is no path of the organisation on '
                || cast(cast({{ local_time('records.event_time', 'paths.timezone') }} as date) as text)
                || ' (' || paths.timezone || ')'
        end as finding
    from records
    left join in_scope
        on
            records.record_table = in_scope.record_table
            and records._batch_id = in_scope._batch_id
            and records._line_number = in_scope._line_number
    left join paths
        on
            records.region_id = paths.region_id
            and records.country_id = paths.country_id
            and records.branch_id = paths.branch_id
            and records.team_id = paths.team_id
    where in_scope._batch_id is null
)

select  -- noqa: ST06
    'training' as area,
    record_table as table_name,
    _batch_id as batch_id,
    _line_number as line_number,
    record_id,
    'E_SCOPE_MISSING' as code,
    'out_of_scope' as reason,
    cast(null as text) as column_name,
    'Region ' || region_id || ', country ' || country_id || ', branch ' || branch_id || ', team ' || team_id || finding
    || '. Correct the organisation (org_scope), or send the record again with the right scope and the same id;'
    || ' it comes in on the next run.' as message,
    _event_date as event_date
from out_of_scope
