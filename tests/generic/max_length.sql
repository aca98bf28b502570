{% test max_length(model, columns, characters) %}
select *
from {{ model }}
where
    false
    {%- for column in columns %}
    or length(cast({{ adapter.quote(column) }} as text)) > {{ characters }}
    {%- endfor %}
{% endtest %}
