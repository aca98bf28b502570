-- P-03: every batch still has as many raw rows as the ledger says it loaded,
-- so none was deleted and none added beside the door.
{% set tables = ['event_log', 'interaction_log', 'org_scope', 'session_log'] %}
with raw_rows as (
    {% for table in tables %}
    select
        '{{ table }}' as table_name,
        records._batch_id as batch_id,
        count(*) as records
    from {{ tested_rows(source('training', table)) }} as records
    group by records._batch_id
    {{ 'union all' if not loop.last }}
    {% endfor %}
),

batches as (
    select batches.*
    from {{ tested_rows(source('ops', 'batches')) }} as batches
    where batches.area = 'training'
)

select
    batches.records_loaded,
    raw_rows.records as records_in_raw,
    coalesce(raw_rows.table_name, batches.table_name) as table_name,
    coalesce(raw_rows.batch_id, batches.batch_id) as batch_id
from batches
full outer join raw_rows
    on
        batches.table_name = raw_rows.table_name
        and batches.batch_id = raw_rows.batch_id
where coalesce(batches.records_loaded, 0) <> coalesce(raw_rows.records, 0)
