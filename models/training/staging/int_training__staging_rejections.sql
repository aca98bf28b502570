-- One row per raw record that staging turns away, and the batch of the copy that has come in, if one has.
with out_of_scope as (
    select * from {{ ref('stg_training__out_of_scope') }}
),

duplicate_records as (
    select * from {{ ref('int_training__duplicate_records') }}
)

select
    out_of_scope.table_name,
    out_of_scope.batch_id,
    out_of_scope.line_number,
    cast(out_of_scope.record_id as text) as record_id,
    out_of_scope.code,
    out_of_scope.reason,
    out_of_scope.column_name,
    out_of_scope.message,
    duplicate_records.settled_in_batch
from out_of_scope
left join duplicate_records
    on
        out_of_scope.table_name = duplicate_records.record_table
        and out_of_scope.batch_id = duplicate_records._batch_id
        and out_of_scope.line_number = duplicate_records._line_number
