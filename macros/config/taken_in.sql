{#- Counted from the ledger, since DuckDB does not report how many rows a statement wrote. -#}
{% macro taken_in(column, built) -%}
    {%- if not built -%}
        0
    {%- else -%}
    (
        select coalesce(sum(batches.{{ column }}), 0)
        from {{ source('ops', 'batches') }} as batches
        where exists (
            select 1
            from {{ source('ops', 'watermarks') }} as watermarks
            inner join (
                values {% for name, area in built %}('{{ name }}', '{{ area }}'){{ ', ' if not loop.last }}{% endfor %}
            ) as models (model_name, area)
                on watermarks.model_name = models.model_name
            where
                models.area = batches.area
                and batches.batch_id > watermarks.previous_batch_id
                and batches.batch_id <= watermarks.batch_id
        )
    )
    {%- endif -%}
{%- endmacro %}
