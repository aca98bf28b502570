{% macro counted_by_batch(kind, relation) -%}
    select
        _batch_id as batch_id,
        '{{ kind }}' as kind,
        count(*) as records
    from {{ relation }}
    group by _batch_id
{%- endmacro %}
