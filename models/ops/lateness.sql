-- One row per raw table and number of days between the event and its load; read from the ledger, so it is cheap.
with touched_partitions as (
    select * from {{ source('ops', 'touched_partitions') }}
),

batches as (
    select * from {{ source('ops', 'batches') }}
)

select
    touched_partitions.area,
    touched_partitions.table_name,
    cast(cast(batches.loaded_at as date) - touched_partitions.partition_date as bigint) as days_late,
    cast(sum(touched_partitions.records) as bigint) as records,
    count(distinct touched_partitions.batch_id) as batches
from touched_partitions
inner join batches
    on touched_partitions.batch_id = batches.batch_id
group by
    touched_partitions.area,
    touched_partitions.table_name,
    cast(batches.loaded_at as date) - touched_partitions.partition_date
