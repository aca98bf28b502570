{% macro touched_user_days(batches=none) -%}
    {%- set batches = batches or batch_range() -%}
    {%- if not execute -%}
        {%- do return('(select null)') -%}
    {%- endif -%}
    (
        select distinct
            work.user_id,
            work.business_date
        from {{ area_relation('int_training__touched_user_days') }} as work
        where {{ is_in_work('work', 'work.business_date', batches) }}
    )
{%- endmacro %}
