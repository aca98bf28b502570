-- One row per raw record whose scope ids are no path of the organisation on its local date (AG-DATA-04).
-- Not materialized, and a join: so that a question about some batches reads those only.
with records as not materialized (
    {%- for table, id, event_time in training_logs() %}
    select
        '{{ table }}' as table_name,
        records._batch_id,
        records._line_number,
        records._event_date,
        records.{{ event_time }} as event_time,
        records.region_id,
        records.country_id,
        records.branch_id,
        records.team_id
    from {{ source('training', table) }} as records
    {{ 'union all' if not loop.last }}
    {%- endfor %}
),

places as (
    select * from {{ ref('stg_training__org_scope') }}
),

in_scope as not materialized (
    select
        records.table_name,
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
    select records.*
    from records
    left join in_scope
        on
            records.table_name = in_scope.table_name
            and records._batch_id = in_scope._batch_id
            and records._line_number = in_scope._line_number
    where in_scope._batch_id is null
)

select  -- noqa: ST06
    'training' as area,
    table_name,
    _batch_id as batch_id,
    _line_number as line_number,
    'E_SCOPE_MISSING' as code,
    'out_of_scope' as reason,
    cast(null as text) as column_name,
    'Region ' || region_id || ', country ' || country_id || ', branch ' || branch_id || ', team ' || team_id
    || ' is no path of the organisation on ' || cast(_event_date as text)
    || '. Correct the organisation (org_scope) or the record; it comes in by itself on the next run.' as message,
    _event_date as event_date
from out_of_scope
