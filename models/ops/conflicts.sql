-- One row per loaded record whose id came before or since with other content, beside the record that counts.
with repeated_records as (
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
),

winners as (
    select * from repeated_records
    where is_winner
)

select
    conflicting.area,
    conflicting.table_name,
    conflicting.record_id,
    conflicting._batch_id as batch_id,
    conflicting._line_number as line_number,
    winners._batch_id as counted_batch_id,
    winners._line_number as counted_line_number
from repeated_records as conflicting
inner join winners
    on
        conflicting.area = winners.area
        and conflicting.table_name = winners.table_name
        and conflicting.record_id = winners.record_id
where conflicting.is_conflict
