-- Of the actors who entered on a day, so many reached a step; each went on, was dropped or is open. Which of the last
-- two depends on as_of, so it is only asked that those whose entry has ended are dropped.
with entries as (
    select entries.* from {{ tested_rows(ref('int_product__funnel_entries'), 'funnel_date', 'entry_date') }} as entries
),

furthest as (
    select
        funnel_id,
        entry_date,
        actor,
        max(current_step) as current_step
    from entries
    group by funnel_id, entry_date, actor
),

earliest as (
    select
        furthest.funnel_id,
        furthest.entry_date,
        furthest.actor,
        furthest.current_step,
        min(entries.started_at) as started_at
    from furthest
    inner join entries
        on
            furthest.funnel_id = entries.funnel_id
            and furthest.entry_date = entries.entry_date
            and furthest.actor = entries.actor
            and furthest.current_step = entries.current_step
    group by furthest.funnel_id, furthest.entry_date, furthest.actor, furthest.current_step
),

-- of two entries at one instant that reached as far, that with the smaller id counts
best as (
    select entries.*
    from earliest
    inner join entries
        on
            earliest.funnel_id = entries.funnel_id
            and earliest.entry_date = entries.entry_date
            and earliest.actor = entries.actor
            and earliest.current_step = entries.current_step
            and earliest.started_at = entries.started_at
    left join entries as rivals
        on
            entries.funnel_id = rivals.funnel_id
            and entries.actor = rivals.actor
            and entries.started_at = rivals.started_at
            and entries.current_step = rivals.current_step
            and {{ binary_order('entries.event_id') }} > {{ binary_order('rivals.event_id') }}
    where rivals.event_id is null
),

instants as (
    select
        best.funnel_id,
        best.entry_date,
        best.id,
        listed.position as step,
        cast(translate(cast(listed.instant as text), '"Z', '') as timestamp) as reached_at
    from best
    cross join lateral {{ json_elements('cast(best.step_timestamps as json)') }} as listed (instant, position)
),

with_instant_before as (
    select
        *,
        lag(reached_at) over (partition by id order by step) as reached_before
    from instants
),

pauses as (
    select
        funnel_id,
        entry_date,
        step,
        {{ seconds_between('reached_before', 'reached_at') }} as seconds,
        row_number() over (
            partition by funnel_id, entry_date, step order by reached_at - reached_before
        ) as place,
        count(*) over (partition by funnel_id, entry_date, step) as pauses
    from with_instant_before
    where reached_before is not null
),

medians as (
    select
        funnel_id,
        entry_date,
        step,
        avg(seconds) as median_seconds
    from pauses
    where place * 2 between pauses and pauses + 2
    group by funnel_id, entry_date, step
),

expected as (
    select
        best.funnel_id,
        best.entry_date,
        steps.predicate as step,
        steps.event_name,
        count(*) as entered,
        count(case when best.current_step >= steps.predicate then 1 end) as reached,
        count(
            case
                when best.current_step = steps.predicate and best.completed then 1
                when best.current_step > steps.predicate then 1
            end
        ) as converted,
        count(case when best.current_step = steps.predicate and best.is_ended then 1 end) as ended,
        max(medians.median_seconds) as median_seconds
    from best
    inner join {{ ref('int_product__funnel_steps') }} as steps
        on best.funnel_id = steps.funnel_id and steps.predicate > 0
    left join medians
        on
            best.funnel_id = medians.funnel_id
            and best.entry_date = medians.entry_date
            and steps.predicate = medians.step
    group by best.funnel_id, best.entry_date, steps.predicate, steps.event_name
),

actual as (
    select shown.* from {{ tested_rows(ref('funnel_summary')) }} as shown
)

select
    relation,
    funnel_id,
    entry_date,
    step,
    finding
from (
    {{ reconciled(
        'funnel_summary', 'expected', 'actual', ['funnel_id', 'entry_date', 'step'],
        ['event_name', 'entered', 'reached', 'converted'], {'median_seconds': '0.000001'}
    ) }}
) as found
union all
select
    'funnel_summary' as relation,
    actual.funnel_id,
    actual.entry_date,
    actual.step,
    'dropped or open' as finding
from actual
left join expected
    on
        actual.funnel_id = expected.funnel_id
        and actual.entry_date = expected.entry_date
        and actual.step = expected.step
where
    actual.converted + actual.dropped + actual.open <> actual.reached
    or actual.dropped < expected.ended
