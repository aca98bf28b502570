-- Promise 1, nothing lost and nothing twice: what came in was loaded or rejected,
-- and what was loaded is accounted for once.
select
    reconciliation.batch_id,
    reconciliation.file_name,
    reconciliation.records_in,
    reconciliation.records_rejected,
    reconciliation.records_loaded,
    reconciliation.records_in_raw,
    reconciliation.records_staged,
    reconciliation.exact_duplicates,
    reconciliation.conflicting_copies,
    reconciliation.records_superseded,
    reconciliation.records_rejected_in_staging
from {{ tested_rows(ref('record_reconciliation')) }} as reconciliation
where
    reconciliation.records_in <> reconciliation.records_loaded + reconciliation.records_rejected
    or reconciliation.records_in_raw <> (
        reconciliation.records_staged
        + reconciliation.exact_duplicates
        + reconciliation.conflicting_copies
        + reconciliation.records_superseded
        + reconciliation.records_rejected_in_staging
    )
