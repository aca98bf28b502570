-- One row per metric value id: the winner of its copies, that with the earliest instant, then the smallest digest.
with records as (
    select records.*
    from {{ source('product', 'metrics') }} as records
    where {{ is_touched('metric_copy', 'records') }}
),

repeated_ids as (
    select id
    from records
    group by id
    having count(*) > 1
),

copies as (
    select
        records._batch_id,
        records._line_number,
        row_number() over (
            partition by records.id
            order by
                records.timestamp,
                {{ record_digest('metrics', 'records') }},
                records.value,
                records._batch_id,
                records._line_number
        ) as preference
    from records
    inner join repeated_ids on records.id = repeated_ids.id
),

canonical_tags as (
    {{ canonical_flat_json('records', 'tags') }}
),

winners as (
    select
        records.*,
        coalesce(canonical_tags.canonical, '{}') as canonical_tags
    from records
    left join copies on records._batch_id = copies._batch_id and records._line_number = copies._line_number
    left join canonical_tags on cast(records.tags as text) = canonical_tags.sent
    where copies.preference is null or copies.preference = 1
)

select  -- noqa: ST06
    id,
    name,
    metric_type,
    case when value = 0 then 0 else value end as value,
    timestamp,
    date_trunc('hour', timestamp) as hour_start,
    _event_date as metric_date,
    canonical_tags as tags,
    md5(canonical_tags) as tags_key,
    unit,
    _batch_id,
    _line_number
from winners
