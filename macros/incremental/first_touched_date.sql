{% macro first_touched_date(kind, batches=none) -%}
    {%- set dates = touched_dates(kind, batches) -%}
    cast('{{ dates[0] if dates else '9999-12-31' }}' as date)
{%- endmacro %}
