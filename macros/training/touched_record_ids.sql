{% macro touched_record_ids(table, id, batches=none) -%}
    {#- Two queries instead of one with `or`: where the organisation has not changed, only the new records are read. -#}
    {%- set batches = batches or batch_range() -%}
    select records.{{ id }}
    from {{ source('training', table) }} as records
    where {{ is_touched__batch('records', '_batch_id', batches) }}
    union all
    select records.{{ id }}
    from {{ source('training', 'org_scope') }} as places
    inner join {{ source('training', table) }} as records
        on
            places.region_id = records.region_id
            and places.country_id = records.country_id
            and places.branch_id = records.branch_id
            and places.team_id = records.team_id
    where {{ is_touched__batch('places', '_batch_id', batches) }}
{%- endmacro %}
