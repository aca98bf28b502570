{% test unique_key(model, columns) %}
{%- set quoted = [] -%}
{%- for column in columns -%}
    {%- do quoted.append(adapter.quote(column)) -%}
{%- endfor %}
select
    {{ quoted | join(', ') }},
    count(*) as copies
from {{ model }}
group by {{ quoted | join(', ') }}
having count(*) > 1
{% endtest %}
