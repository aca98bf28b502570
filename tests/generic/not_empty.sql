{% test not_empty(model, column_name) %}
select {{ adapter.quote(column_name) }}
from {{ model }}
where trim({{ adapter.quote(column_name) }}) = ''
{% endtest %}
