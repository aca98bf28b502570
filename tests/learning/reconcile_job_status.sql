-- Every job of ops.jobs is shown once, with what is known of it.
{% set columns = [
    'job_type', 'status', 'records_processed', 'records_failed', 'bytes_processed', 'error_message', 'retry_count',
] %}
{{ reconciled('etl_job_status', source('ops', 'jobs'), ref('etl_job_status'), ['job_id'], columns) }}
