{% test filled_when_required(model, column_name, by, to, field, flag) %}
select records.{{ adapter.quote(column_name) }}
from {{ model }} as records
inner join {{ to }} as rules on records.{{ adapter.quote(by) }} = rules.{{ adapter.quote(field) }}
where
    rules.{{ adapter.quote(flag) }}
    and nullif(records.{{ adapter.quote(column_name) }}, '') is null
{% endtest %}
