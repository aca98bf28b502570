{% test is_timezone(model, column_name) %}
select records.{{ adapter.quote(column_name) }}
from {{ model }} as records
where
    records.{{ adapter.quote(column_name) }} is not null
    and not exists (
        select 1
        from pg_timezone_names() as zones
        where zones.name = records.{{ adapter.quote(column_name) }}
    )
{% endtest %}
