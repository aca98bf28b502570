{% macro touched_session_days(batches=none) -%}
    {%- set batches = batches or batch_range() -%}
    {%- if not execute -%}
        {%- do return('(select null)') -%}
    {%- endif -%}
    (
        select distinct
            work.learner_id,
            work.session_id,
            work.partition_date
        from {{ area_relation('int_learning__touched_sessions') }} as work
        where {{ is_in_work('work', 'work.partition_date', batches) }}
    )
{%- endmacro %}
