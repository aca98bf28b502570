-- The published tables of metrics as one would write them for DuckDB alone, over the raw table. Set before: as_of_end.

create table by_hand.metrics as
with repeated as (
    select id from raw_product.metrics group by id having count(*) > 1
),

losers as (
    select metrics._batch_id, metrics._line_number
    from raw_product.metrics as metrics
    inner join repeated using (id)
    qualify row_number() over (
        partition by metrics.id order by metrics.timestamp, md5(metrics::text), metrics._line_number
    ) > 1
),

spellings as (
    select tags::text as sent, '{' || string_agg(to_json(key)::text || ':' || value::text, ',' order by key) || '}' as tags
    from (select distinct tags from raw_product.metrics) as different, json_each(different.tags)
    group by tags::text
)

select
    metrics.id,
    metrics.name,
    metrics.metric_type,
    metrics.value,
    metrics.timestamp,
    coalesce(spellings.tags, '{}') as tags,
    metrics.unit
from raw_product.metrics as metrics
anti join losers using (_batch_id, _line_number)
left join spellings on metrics.tags::text = spellings.sent;

create table by_hand.metric_histograms as
with magnitudes as (
    select *, abs(value) as magnitude, floor(log2(greatest(abs(value), pow(2, -40))))::bigint as power
    from by_hand.metrics
    where timestamp < getvariable('as_of_end')
)

select
    name,
    tags,
    md5(tags) as tags_key,
    date_trunc('hour', timestamp) as hour_start,
    timestamp::date as metric_date,
    case
        when magnitude < pow(2, -40) then 0
        else sign(value)::bigint * ((power + 40) * 64 + floor((magnitude / pow(2, power) - 1) * 64)::bigint + 1)
    end as bucket,
    count(*) as value_count,
    count(*) filter (metric_type = 'counter') as counter_count,
    sum(value::text::decimal(38, 12)) as value_sum,
    min(value) as min_value,
    max(value) as max_value
from magnitudes
group by all;

create table by_hand.metric_aggregates as
with aggregated as (
    $periods
)

select
    md5(concat_ws(chr(31), name, md5(tags), period_type, period_start::text)) as id,
    name,
    period_start,
    period_type,
    values as count,
    total::double as sum,
    least as min,
    greatest as max,
    total::double / values as avg,
    case when counters = 0 then percentiles[1] end as p50,
    case when counters = 0 then percentiles[2] end as p90,
    case when counters = 0 then percentiles[3] end as p99,
    tags
from aggregated;
