-- One row per batch of records: where every record of it went.
with batches as (
    select * from {{ source('ops', 'batches') }}
),

copies as (
    {{ copies_of_records() }}
),

staging_rejections as (
    {{ records_staging_rejected() }}
),

counts_of_areas as (
    {{ counts_of_records() }}
),

counts as (
    select
        batch_id,
        kind,
        records
    from counts_of_areas
    union all
    select
        _batch_id as batch_id,
        case when is_conflict then 'conflicting' else 'duplicate' end as kind,
        count(*) as records
    from copies
    where not is_winner
    group by _batch_id, case when is_conflict then 'conflicting' else 'duplicate' end
    union all
    select
        staging_rejections.batch_id,
        'rejected' as kind,
        count(*) as records
    from staging_rejections
    left join copies
        on
            staging_rejections.area = copies.area
            and staging_rejections.table_name = copies.table_name
            and staging_rejections.batch_id = copies._batch_id
            and staging_rejections.line_number = copies._line_number
            and not copies.is_winner
    where copies._batch_id is null
    group by staging_rejections.batch_id
),

counts_of_batch as (
    select
        batch_id,
        sum(case when kind = 'raw' then records else 0 end) as records_in_raw,
        sum(case when kind = 'staged' then records else 0 end) as records_staged,
        sum(case when kind = 'duplicate' then records else 0 end) as exact_duplicates,
        sum(case when kind = 'conflicting' then records else 0 end) as conflicting_copies,
        sum(case when kind = 'superseded' then records else 0 end) as records_superseded,
        sum(case when kind = 'rejected' then records else 0 end) as records_rejected_in_staging
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
    cast(coalesce(counts_of_batch.records_rejected_in_staging, 0) as bigint) as records_rejected_in_staging
from batches
left join counts_of_batch
    on batches.batch_id = counts_of_batch.batch_id
where
    batches.area in (
        {%- for area in var('areas') %}
        '{{ area }}'{{ ',' if not loop.last }}
        {%- endfor %}
    )
