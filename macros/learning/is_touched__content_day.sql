{% macro is_touched__content_day(alias, date_column, batches) -%}
    {#- The days of the touched evidence, and the days of later evidence that builds on it. -#}
    ({{ alias }}.content_type, {{ alias }}.content_id, {{ alias }}.{{ date_column }}) in (
        select
            work.content_type,
            work.content_id,
            cast(work.touched_at as date)
        from {{ area_relation('int_learning__touched_sequences') }} as work
        where {{ is_touched__batch('work', 'batch_id', batches) }}
        union
        select
            deltas.content_type,
            deltas.content_id,
            deltas.partition_date
        from {{ area_relation('mastery_deltas') }} as deltas
        where {{ is_touched_by(work_kind('sequence_from'), 'deltas', 'timestamp', batches) }}
    )
{%- endmacro %}
