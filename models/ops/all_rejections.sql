-- One row per record that is turned away now: by the door, or by staging for a scope that is no valid path.
with door as (
    select * from {{ source('ops', 'rejections') }}
),

batches as (
    select * from {{ source('ops', 'batches') }}
),

out_of_scope as (
    select * from {{ ref('stg_training__out_of_scope') }}
)

select
    area,
    table_name,
    batch_id,
    line_number,
    file_name,
    'door' as turned_away_by,
    code,
    column_name,
    reason,
    message
from door
where replayed_in_batch is null
union all
select
    out_of_scope.area,
    out_of_scope.table_name,
    out_of_scope.batch_id,
    out_of_scope.line_number,
    batches.file_name,
    'staging' as turned_away_by,
    out_of_scope.code,
    out_of_scope.column_name,
    out_of_scope.reason,
    out_of_scope.message
from out_of_scope
left join batches
    on out_of_scope.batch_id = batches.batch_id
