{% macro resolve_scope(records, event_time) -%}
    select
        _batch_id,
        _line_number,
        cast(local_time as date) as business_date,
        cast(extract(hour from local_time) as bigint) as business_hour
    from (
        select
            records._batch_id,
            records._line_number,
            {{ local_time('records.' ~ event_time, 'places.timezone') }} as local_time,
            row_number() over (
                partition by records._batch_id, records._line_number
                order by places.valid_from desc
            ) as preference
        from {{ records }} as records
        inner join {{ ref('stg_training__org_scope') }} as places
            on
                records.region_id = places.region_id
                and records.country_id = places.country_id
                and records.branch_id = places.branch_id
                and records.team_id = places.team_id
        where
            cast({{ local_time('records.' ~ event_time, 'places.timezone') }} as date) >= places.valid_from
            and (
                places.valid_to is null
                or cast({{ local_time('records.' ~ event_time, 'places.timezone') }} as date) < places.valid_to
            )
    ) as candidates
    where preference = 1
{%- endmacro %}
