-- One row per record that was turned away and has not been loaded since: by the door, or by staging for what depends on
-- other records. Where another copy of it has come in, it is settled.
with door as (
    select * from {{ source('ops', 'rejections') }}
    where replayed_in_batch is null
),

batches as (
    select * from {{ source('ops', 'batches') }}
),

staging as (
    {{ records_staging_rejected() }}
),

staged as (
    {{ ids_in_staging() }}
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
    staged.batch_id as settled_in_batch
from door
left join staged
    on
        door.area = staged.area
        and door.table_name = staged.table_name
        and cast(door.record_id as text) = staged.record_id
union all
select
    staging.area,
    staging.table_name,
    staging.batch_id,
    staging.line_number,
    batches.file_name,
    staging.record_id,
    'staging' as turned_away_by,
    staging.code,
    staging.column_name,
    staging.reason,
    staging.message,
    staging.settled_in_batch
from staging
left join batches
    on staging.batch_id = batches.batch_id
