{% macro copies_of_records() -%}
    select
        'training' as area,
        record_table as table_name,
        cast(record_id as text) as record_id,
        _batch_id,
        _line_number,
        is_winner,
        is_conflict
    from {{ ref('int_training__repeated_records') }}
    union all
    select
        'learning' as area,
        'raw_events' as table_name,
        event_id as record_id,
        _batch_id,
        _line_number,
        is_winner,
        is_conflict
    from {{ ref('int_learning__repeated_events') }}
{%- endmacro %}
