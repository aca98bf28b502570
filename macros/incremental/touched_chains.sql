{% macro touched_chains(batches=none) -%}
    {%- set batches = batches or batch_range() -%}
    {%- if not execute -%}
        {%- do return('(select null)') -%}
    {%- endif -%}
    (
        select
            work.learner_id,
            work.content_type,
            work.content_id,
            min(work.touched_at) as from_at
        from {{ area_relation('int_learning__touched_chains') }} as work
        where {{ is_in_work('work', 'cast(work.touched_at as date)', batches) }}
        group by work.learner_id, work.content_type, work.content_id
    )
{%- endmacro %}
