-- The specification's first validation query, corrected: each side is added up by itself before the two are joined, so
-- that neither multiplies the other, and a day that one side does not have is found as well.
with raw_days as (
    select
        partition_date as event_date,
        count(distinct event_id) as raw_count
    from {{ source('learning', 'raw_events') }}
    group by partition_date
),

aggregated_days as (
    select
        partition_date as event_date,
        sum(total_events) as aggregated_count
    from {{ ref('minute_metrics') }}
    where total_events > 0
    group by partition_date
),

-- of copies with different dates one counts: the raw side counts an id on the day of its winner only
moved_copies as (
    select
        cast(losers.timestamp as date) as event_date,
        count(distinct losers.event_id) as copies
    from {{ ref('int_learning__duplicate_events') }} as losers
    inner join {{ ref('int_learning__duplicate_events') }} as winners
        on losers.event_id = winners.event_id and winners.is_winner
    where cast(losers.timestamp as date) <> cast(winners.timestamp as date)
    group by cast(losers.timestamp as date)
),

days as (
    select
        coalesce(raw_days.event_date, aggregated_days.event_date) as event_date,
        raw_days.raw_count - coalesce(moved_copies.copies, 0) as raw_count,
        coalesce(aggregated_days.aggregated_count, 0) as aggregated_count
    from raw_days
    left join moved_copies on raw_days.event_date = moved_copies.event_date
    full outer join aggregated_days on raw_days.event_date = aggregated_days.event_date
)

select *
from days
where raw_count is distinct from aggregated_count
