{% test filled_when_required(model, column_name, by, to, field, flag) %}
with records as (
    select * from {{ model }}
)

select records.{{ adapter.quote(column_name) }}
from records
inner join {{ to }} as rules on records.{{ adapter.quote(by) }} = rules.{{ adapter.quote(field) }}
where
    rules.{{ adapter.quote(flag) }}
    and coalesce(trim(records.{{ adapter.quote(column_name) }}), '') = ''
{% endtest %}
