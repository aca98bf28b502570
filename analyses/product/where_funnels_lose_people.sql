-- For each funnel and step over the last 28 days of entries: how many of those who entered came so far, which share of
-- them went on, and how long the step took. Days on which somebody may still go on are left out, since they look worse
-- than they are.
with days as (
    select
        *,
        sum(open) over (partition by funnel_id, entry_date) as still_open
    from {{ ref('funnel_summary') }}
    where entry_date > {{ add_days(as_of_date(), -28) }}
)

select
    funnels.name as funnel,
    days.step,
    days.event_name,
    sum(days.entered) as entered,
    sum(days.reached) as reached,
    {{ safe_ratio('sum(days.reached)', 'sum(days.entered)') }} as share_of_entered,
    {{ safe_ratio('sum(days.converted)', 'sum(days.reached)') }} as share_that_went_on,
    {{ wilson_lower('sum(days.converted)', 'sum(days.reached)') }} as wilson_lower,
    {{ wilson_upper('sum(days.converted)', 'sum(days.reached)') }} as wilson_upper,
    max(days.median_seconds) as slowest_daily_median_seconds
from days
inner join {{ ref('funnels') }} as funnels on days.funnel_id = funnels.id
where days.still_open = 0
group by funnels.name, days.step, days.event_name
order by funnels.name, days.step
