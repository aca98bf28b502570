-- One row per raw record whose scope ids are no path of the organisation on its local date (AG-DATA-04).
with records as (
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

out_of_scope as (
    select *
    from records
    where not exists (
        select 1
        from places
        where
            places.region_id = records.region_id
            and places.country_id = records.country_id
            and places.branch_id = records.branch_id
            and places.team_id = records.team_id
            and places.valid_from <= cast({{ local_time('records.event_time', 'places.timezone') }} as date)
            and (
                places.valid_to is null
                or places.valid_to > cast({{ local_time('records.event_time', 'places.timezone') }} as date)
            )
    )
)

select
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
