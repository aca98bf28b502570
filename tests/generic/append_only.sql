{% test append_only(model) %}
{%- set contract = contract_of_test() %}
with raw_rows as (
    select
        _batch_id as batch_id,
        count(*) as records
    from {{ model }}
    group by _batch_id
),

batches as (
    select * from {{ tested_rows(source('ops', 'batches')) }} as batches
    where batches.area = '{{ contract.source_name }}' and batches.table_name = '{{ contract.name }}'
)

select
    coalesce(raw_rows.batch_id, batches.batch_id) as batch_id,
    batches.records_loaded,
    raw_rows.records as records_in_raw
from batches
full outer join raw_rows
    on batches.batch_id = raw_rows.batch_id
where coalesce(batches.records_loaded, 0) <> coalesce(raw_rows.records, 0)
{% endtest %}
