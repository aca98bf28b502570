-- One row per batch of records: where every record of it went.
{% set tables = [
    (source('training', 'event_log'), ref('stg_training__event_log')),
    (source('training', 'interaction_log'), ref('stg_training__interaction_log')),
    (source('training', 'session_log'), ref('stg_training__session_log')),
    (source('learning', 'raw_events'), ref('stg_learning__events')),
] %}
with batches as (
    select * from {{ source('ops', 'batches') }}
),

repeated_records as (
    {{ copies_of_records() }}
),

out_of_scope as (
    select * from {{ ref('stg_training__out_of_scope') }}
),

counts as (
    {% for raw, staged in tables %}
    select
        _batch_id as batch_id,
        'raw' as kind,
        count(*) as records
    from {{ raw }}
    group by _batch_id
    union all
    select
        _batch_id as batch_id,
        'staged' as kind,
        count(*) as records
    from {{ staged }}
    group by _batch_id
    union all
    {% endfor %}
    select
        _batch_id as batch_id,
        'raw' as kind,
        count(*) as records
    from {{ source('training', 'org_scope') }}
    group by _batch_id
    union all
    select
        org_scope._batch_id as batch_id,
        case when staged._batch_id is null then 'superseded' else 'staged' end as kind,
        count(*) as records
    from {{ source('training', 'org_scope') }} as org_scope
    left join {{ ref('stg_training__org_scope') }} as staged
        on
            org_scope._batch_id = staged._batch_id
            and org_scope._line_number = staged._line_number
    group by org_scope._batch_id, case when staged._batch_id is null then 'superseded' else 'staged' end
    union all
    select
        _batch_id as batch_id,
        case when is_conflict then 'conflicting' else 'duplicate' end as kind,
        count(*) as records
    from repeated_records
    where not is_winner
    group by _batch_id, case when is_conflict then 'conflicting' else 'duplicate' end
    union all
    select
        out_of_scope.batch_id,
        'out_of_scope' as kind,
        count(*) as records
    from out_of_scope
    left join repeated_records
        on
            repeated_records.area = 'training'
            and out_of_scope.table_name = repeated_records.table_name
            and out_of_scope.batch_id = repeated_records._batch_id
            and out_of_scope.line_number = repeated_records._line_number
            and not repeated_records.is_winner
    where repeated_records._batch_id is null
    group by out_of_scope.batch_id
),

counts_of_batch as (
    select
        batch_id,
        sum(case when kind = 'raw' then records else 0 end) as records_in_raw,
        sum(case when kind = 'staged' then records else 0 end) as records_staged,
        sum(case when kind = 'duplicate' then records else 0 end) as exact_duplicates,
        sum(case when kind = 'conflicting' then records else 0 end) as conflicting_copies,
        sum(case when kind = 'superseded' then records else 0 end) as records_superseded,
        sum(case when kind = 'out_of_scope' then records else 0 end) as records_out_of_scope
    from counts
    group by batch_id
)

select
    batches.batch_id,
    batches.area,
    batches.table_name,
    batches.kind,
    batches.file_name,
    batches.records_in,
    batches.records_rejected,
    batches.records_loaded,
    cast(coalesce(counts_of_batch.records_in_raw, 0) as bigint) as records_in_raw,
    cast(coalesce(counts_of_batch.records_staged, 0) as bigint) as records_staged,
    cast(coalesce(counts_of_batch.exact_duplicates, 0) as bigint) as exact_duplicates,
    cast(coalesce(counts_of_batch.conflicting_copies, 0) as bigint) as conflicting_copies,
    cast(coalesce(counts_of_batch.records_superseded, 0) as bigint) as records_superseded,
    cast(coalesce(counts_of_batch.records_out_of_scope, 0) as bigint) as records_out_of_scope
from batches
left join counts_of_batch
    on batches.batch_id = counts_of_batch.batch_id
where batches.area in ('training', 'learning')
