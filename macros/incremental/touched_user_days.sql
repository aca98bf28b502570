{% macro touched_user_days(batches=none) -%}
    {%- if not execute -%}
        {%- do return('(select null)') -%}
    {%- endif -%}
    {%- set backfill = backfill_range() -%}
    {%- set batches = batches or (batch_range() if not backfill) -%}
    (
        select distinct
            work.user_id,
            work.business_date
        from {{ area_relation('int_training__touched_user_days') }} as work
        where
            {%- if backfill %}
            work.business_date between cast('{{ backfill.first }}' as date) and cast('{{ backfill.last }}' as date)
            {%- else %}
            work.batch_id > {{ batches.low }}
            and work.batch_id <= {{ batches.high }}
            {%- endif %}
    )
{%- endmacro %}
