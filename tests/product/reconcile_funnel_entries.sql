-- An entry is an event of the first step, and what it reached are instants of later events in the order of the steps,
-- the first that match: between two of them, and after the last, there is no event of the next step. Exclusions may end
-- an entry, and conditions refuse an event; where a definition has some, less is asked.
with steps as (
    select
        *,
        max(case when predicate < 0 or conditions is not null then 1 else 0 end) over (
            partition by funnel_id
        ) as asks_more
    from {{ ref('int_product__funnel_steps') }}
),

entries as (
    select entries.* from {{ tested_rows(ref('int_product__funnel_entries')) }} as entries
),

events as (
    select events.*
    from {{ tested_rows(ref('int_product__events'), 'funnel_event', 'event_date') }} as events
    where events.is_counted and events.actor is not null
),

first_events as (
    select distinct
        steps.funnel_id,
        events.event_id,
        events.actor,
        events.user_id,
        events.session_id,
        events.timestamp as started_at,
        events.event_date as entry_date,
        events.timestamp + steps.window_seconds * interval '1 second' as closes_at,
        md5(steps.funnel_id || chr(31) || events.event_id) as id,
        steps.asks_more
    from events
    inner join steps
        on events.event_name = steps.event_name and coalesce(steps.event_type, events.event_type) = events.event_type
    where steps.predicate = 1 or (steps.predicate > 0 and steps.step_order = 'any')
),

expected as (
    select first_events.*
    from first_events
    inner join entries on first_events.id = entries.id
    union all
    -- of a touched actor all events are read, and of the entries those of touched days
    select first_events.*
    from first_events
    left join {{ ref('int_product__funnel_entries') }} as standing on first_events.id = standing.id
    where standing.id is null and first_events.asks_more = 0
),

instants as (
    select
        entries.id,
        entries.funnel_id,
        entries.actor,
        entries.current_step,
        entries.is_ended,
        entries.closes_at,
        listed.position as step,
        cast(translate(cast(listed.instant as text), '"Z', '') as timestamp) as reached_at
    from entries
    cross join lateral {{ json_elements('cast(entries.step_timestamps as json)') }} as listed (instant, position)
),

followed as (
    select
        *,
        lag(reached_at) over (partition by id order by step) as reached_before,
        lead(reached_at) over (partition by id order by step) as reached_next
    from instants
),

-- in the order any a step may be reached at any place
passed_over as (
    select distinct followed.id
    from followed
    inner join steps
        on
            followed.funnel_id = steps.funnel_id
            and followed.step + 1 = steps.predicate
            and steps.step_order <> 'any'
            and steps.asks_more = 0
    inner join events
        on
            followed.actor = events.actor
            and steps.event_name = events.event_name
            and coalesce(steps.event_type, events.event_type) = events.event_type
            and followed.reached_at < events.timestamp
            and coalesce(followed.reached_next - interval '1 microsecond', followed.closes_at) >= events.timestamp
    where not (followed.is_ended and followed.step = followed.current_step)
),

unknown_steps as (
    select followed.id
    from followed
    left join steps
        on
            followed.funnel_id = steps.funnel_id
            and (followed.step = steps.predicate or (steps.step_order = 'any' and steps.predicate > 0))
    left join events
        on
            steps.event_name = events.event_name
            and followed.actor = events.actor
            and followed.reached_at = events.timestamp
    group by followed.id, followed.step
    having count(events.event_id) = 0
),

wrong_steps as (
    select
        entries.id,
        case
            when count(*) <> entries.current_step then 'current_step'
            when min(followed.reached_at) <> entries.started_at then 'step_timestamps'
            when max(followed.reached_at) > entries.closes_at then 'closes_at'
            when min(followed.reached_at - followed.reached_before) < interval '0 seconds' then 'step_timestamps'
            when entries.completed <> (entries.current_step = max(steps.steps)) then 'completed'
            when entries.completed and entries.completed_at is null then 'completed_at'
            when entries.completed_at <> max(followed.reached_at) then 'completed_at'
            when entries.completed_at is not null and not entries.completed then 'completed_at'
            when entries.is_ended and entries.completed then 'is_ended'
        end as finding
    from entries
    inner join followed on entries.id = followed.id
    inner join steps on entries.funnel_id = steps.funnel_id and steps.predicate = 1
    group by
        entries.id, entries.current_step, entries.started_at, entries.closes_at, entries.completed,
        entries.completed_at, entries.is_ended
)

select
    relation,
    id,
    finding
from (
    {{ reconciled(
        'int_product__funnel_entries', 'expected', 'entries', ['id'],
        ['funnel_id', 'event_id', 'actor', 'user_id', 'session_id', 'started_at', 'entry_date', 'closes_at']
    ) }}
) as found
union all
select
    'int_product__funnel_entries' as relation,
    id,
    'an event of the next step is passed over' as finding
from passed_over
union all
select
    'int_product__funnel_entries' as relation,
    id,
    'no event of the step stands at its instant' as finding
from unknown_steps
union all
select
    'int_product__funnel_entries' as relation,
    id,
    finding
from wrong_steps
where finding is not null
