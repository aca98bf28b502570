{% test is_timezone(model, column_name) %}
with records as (
    select * from {{ model }}
)

select records.{{ adapter.quote(column_name) }}
from records
where
    records.{{ adapter.quote(column_name) }} is not null
    and not exists (
        select 1
        from pg_timezone_names() as zones
        where zones.name = records.{{ adapter.quote(column_name) }}
    )
{% endtest %}
