{% test json_objects(model, columns, flat) %}
select *
from {{ model }}
where
    false
    {%- for column in columns %}
    or not {{ is_json_object(adapter.quote(column), flat) }}
    {%- endfor %}
{% endtest %}
