{% test at_or_after(model, column_name, column) %}
select
    {{ adapter.quote(column_name) }},
    {{ adapter.quote(column) }}
from {{ model }}
where {{ adapter.quote(column_name) }} < {{ adapter.quote(column) }}
{% endtest %}
