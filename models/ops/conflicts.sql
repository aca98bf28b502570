-- One row per loaded record whose id came before or since with other content, beside the record that counts.
with copies as (
    {{ copies_of_records() }}
),

winners as (
    select * from copies
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
from copies as conflicting
inner join winners
    on
        conflicting.area = winners.area
        and conflicting.table_name = winners.table_name
        and conflicting.record_id = winners.record_id
where conflicting.is_conflict
