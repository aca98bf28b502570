-- One row per job: a load, a replay or a run of dbt, whatever became of it and whatever area it was for.
with jobs as (
    select * from {{ source('ops', 'jobs') }}
)

select  -- noqa: ST06
    job_id,
    job_type,
    status,
    started_at,
    completed_at,
    cast(records_processed as numeric(15, 0)) as records_processed,
    cast(records_failed as numeric(15, 0)) as records_failed,
    cast(bytes_processed as numeric(20, 0)) as bytes_processed,
    error_message,
    cast(retry_count as numeric(5, 0)) as retry_count,
    started_at as created_at,
    updated_at
from jobs
