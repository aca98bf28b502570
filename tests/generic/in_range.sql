{% test in_range(model, column_name, min_value=none, max_value=none) %}
{%- if min_value is none and max_value is none -%}
    {{ exceptions.raise_compiler_error("in_range on " ~ column_name ~ " needs min_value or max_value") }}
{%- endif %}
select {{ adapter.quote(column_name) }}
from {{ model }}
where
    false
    {%- if min_value is not none %}
    or {{ adapter.quote(column_name) }} < {{ min_value }}
    {%- endif %}
    {%- if max_value is not none %}
    or {{ adapter.quote(column_name) }} > {{ max_value }}
    {%- endif %}
{% endtest %}
