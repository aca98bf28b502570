-- One row per funnel, UTC day of entry and step: how many actors came so far, and what became of them.
-- An actor counts once a day, by the entry that reached furthest.
with entries as (
    select entries.* from {{ ref('int_product__funnel_entries') }} as entries
    where {{ is_touched('funnel_date', 'entries', 'entry_date') }}
),

steps as (
    select
        funnel_id,
        predicate as step,
        event_name
    from {{ ref('int_product__funnel_steps') }}
    where predicate > 0
),

ranked as (
    select
        *,
        row_number() over (
            partition by funnel_id, entry_date, actor
            order by current_step desc, started_at, {{ binary_order('event_id') }}
        ) as preference
    from entries
),

actors as (
    select
        *,
        not completed and not is_ended and closes_at >= {{ as_of_end() }} as is_open
    from ranked
    where preference = 1
),

instants as (
    select
        actors.funnel_id,
        actors.entry_date,
        actors.id,
        listed.position as step,
        {{ microseconds_of("cast(translate(cast(listed.instant as text), '\"Z', '') as timestamp)") }} as reached_at
    from actors
    cross join lateral {{ json_elements('cast(actors.step_timestamps as json)') }} as listed (instant, position)
),

pauses as (
    select
        *,
        reached_at - lag(reached_at) over (partition by id order by step) as microseconds
    from instants
),

medians as (
    select
        funnel_id,
        entry_date,
        step,
        percentile_cont(0.5) within group (order by microseconds) / 1000000 as median_seconds
    from pauses
    where step > 1
    group by funnel_id, entry_date, step
),

counts as (
    select
        actors.funnel_id,
        steps.step,
        steps.event_name,
        actors.entry_date,
        count(*) as entered,
        sum(case when actors.current_step >= steps.step then 1 else 0 end) as reached,
        sum(case when actors.current_step > steps.step or actors.completed then 1 else 0 end) as converted,
        sum(case when actors.current_step = steps.step and actors.is_open then 1 else 0 end) as still_open
    from actors
    inner join steps on actors.funnel_id = steps.funnel_id
    group by actors.funnel_id, steps.step, steps.event_name, actors.entry_date
)

select
    counts.funnel_id,
    counts.step,
    counts.event_name,
    counts.entry_date,
    counts.entered,
    cast(counts.reached as bigint) as reached,
    cast(counts.converted as bigint) as converted,
    cast(counts.reached - counts.converted - counts.still_open as bigint) as dropped,
    cast(counts.still_open as bigint) as open,
    medians.median_seconds
from counts
left join medians
    on
        counts.funnel_id = medians.funnel_id
        and counts.entry_date = medians.entry_date
        and counts.step = medians.step
