-- Promise 1, nothing lost and nothing twice: what came in was loaded or rejected,
-- and what was loaded is accounted for once.
select
    batch_id,
    file_name,
    records_in,
    records_rejected,
    records_loaded,
    records_in_raw,
    records_staged,
    exact_duplicates,
    conflicting_copies,
    records_superseded,
    records_out_of_scope
from {{ tested_rows(ref('record_reconciliation')) }} as reconciliation
where
    records_in <> records_loaded + records_rejected
    or records_in_raw <> (
        records_staged + exact_duplicates + conflicting_copies + records_superseded + records_out_of_scope
    )
