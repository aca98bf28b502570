-- One row per record that was turned away and has not been loaded since: by the door, or by staging for a scope that is
-- no valid path. Where another copy of it has come in, it is settled.
with door as (
    select * from {{ source('ops', 'rejections') }}
    where replayed_in_batch is null
),

batches as (
    select * from {{ source('ops', 'batches') }}
),

out_of_scope as (
    select * from {{ ref('stg_training__out_of_scope') }}
),

copies as (
    select * from {{ ref('int_training__repeated_records') }}
),

staged as (
    {%- for table, id, event_time in training_logs() %}
    select
        '{{ table }}' as table_name,
        {{ id }} as record_id,
        _batch_id
    from {{ ref('stg_training__' ~ table) }}
    {{ 'union all' if not loop.last }}
    {%- endfor %}
)

select
    door.area,
    door.table_name,
    door.batch_id,
    door.line_number,
    door.file_name,
    cast(door.record_id as text) as record_id,
    'door' as turned_away_by,
    door.code,
    door.column_name,
    door.reason,
    door.message,
    staged._batch_id as settled_in_batch
from door
left join staged
    on
        door.area = 'training'
        and door.table_name = staged.table_name
        and door.record_id = staged.record_id
union all
select
    out_of_scope.area,
    out_of_scope.table_name,
    out_of_scope.batch_id,
    out_of_scope.line_number,
    batches.file_name,
    cast(out_of_scope.record_id as text) as record_id,
    'staging' as turned_away_by,
    out_of_scope.code,
    out_of_scope.column_name,
    out_of_scope.reason,
    out_of_scope.message,
    copies.settled_in_batch
from out_of_scope
left join batches
    on out_of_scope.batch_id = batches.batch_id
left join copies
    on
        out_of_scope.table_name = copies.record_table
        and out_of_scope.batch_id = copies._batch_id
        and out_of_scope.line_number = copies._line_number
