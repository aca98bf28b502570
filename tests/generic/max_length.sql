{% test max_length(model, columns, characters) %}
select *
from {{ model }}
where
    false
    {%- for column in columns %}
    or length({{ adapter.quote(column) }}) > {{ characters }}
    {%- endfor %}
{% endtest %}
