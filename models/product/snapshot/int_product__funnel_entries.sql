-- One row per funnel and entry, which is an event of its first step, with the steps that the actor reached from there.
-- One window function finds the next event of every step; to follow it from step to step is then a matter of equality.
-- depends_on: {{ ref('int_product__touched_sessions') }}
with recursive events as (
    select
        events.*,
        row_number() over actor_events as place,
        lead(events.timestamp) over actor_events as next_event_at
    from {{ ref('int_product__events') }} as events
    where
        events.is_counted
        and events.actor is not null
        and {{ is_touched('funnel_event', 'events', 'event_date') }}
    window actor_events as (partition by events.actor order by events.timestamp, {{ binary_order('events.event_id') }})
),

predicates as (
    select * from {{ ref('int_product__funnel_steps') }}
),

matches as (
    {{ funnel_matches('events', 'predicates') }}
),

found as (
    {{ funnel_pointers('events', 'matches', 'predicates') }}
),

all_entries as (
    select
        matches.funnel_id,
        predicates.steps,
        predicates.step_order,
        events.event_id,
        events.actor,
        events.user_id,
        events.session_id,
        events.place,
        events.timestamp as started_at,
        events.event_date as entry_date,
        events.timestamp + predicates.window_seconds * interval '1 second' as closes_at
    from matches
    inner join events on matches.event_id = events.event_id
    inner join predicates on matches.funnel_id = predicates.funnel_id and matches.predicate = predicates.predicate
    where predicates.predicate = 1 or (predicates.step_order = 'any' and predicates.predicate > 0)
),

entries as (
    select entries.* from all_entries as entries
    where {{ is_touched('funnel_entry', 'entries', 'entry_date') }}
),

followed as (
    select
        funnel_id,
        event_id,
        actor,
        step_order,
        closes_at,
        cast(1 as bigint) as step,
        place,
        started_at as reached_at
    from entries
    where step_order <> 'any'
    union all
    select
        followed.funnel_id,
        followed.event_id,
        followed.actor,
        followed.step_order,
        followed.closes_at,
        followed.step + 1 as step,
        next_steps.found_place as place,
        next_steps.found_at as reached_at
    from followed
    inner join found as next_steps
        on
            followed.funnel_id = next_steps.funnel_id
            and followed.actor = next_steps.actor
            and followed.place = next_steps.place
            and followed.step = next_steps.search
    left join found as exclusions
        on
            followed.funnel_id = exclusions.funnel_id
            and followed.actor = exclusions.actor
            and followed.place = exclusions.place
            and followed.step = -exclusions.search
    where
        next_steps.found_at <= followed.closes_at
        and (followed.step_order <> 'strict' or next_steps.found_place = followed.place + 1)
        and (exclusions.found_place is null or exclusions.found_place >= next_steps.found_place)
),

in_any_order as (
    {{ funnel_steps_in_any_order('entries', 'found') }}
),

reached as (
    select
        funnel_id,
        event_id,
        step,
        place,
        reached_at
    from followed
    union all
    select * from in_any_order
),

progress as (
    select
        funnel_id,
        event_id,
        max(step) as current_step,
        max(place) as last_place,
        max(reached_at) as last_reached_at,
        '[' || string_agg({{ json_timestamp('reached_at') }}, ',' order by step) || ']' as step_timestamps
    from reached
    group by funnel_id, event_id
)

select
    {{ key_digest(['entries.funnel_id', 'entries.event_id']) }} as id,
    entries.funnel_id,
    entries.event_id,
    entries.actor,
    entries.user_id,
    entries.session_id,
    entries.started_at,
    entries.entry_date,
    entries.closes_at,
    case when progress.current_step = entries.steps then progress.last_reached_at end as completed_at,
    progress.current_step,
    progress.current_step = entries.steps as completed,
    progress.current_step < entries.steps and (
        coalesce(exclusions.found_at <= entries.closes_at, false)
        or (entries.step_order = 'strict' and coalesce(last_events.next_event_at <= entries.closes_at, false))
    ) as is_ended,
    progress.step_timestamps
from entries
inner join progress on entries.funnel_id = progress.funnel_id and entries.event_id = progress.event_id
inner join events as last_events on entries.actor = last_events.actor and progress.last_place = last_events.place
left join found as exclusions
    on
        entries.funnel_id = exclusions.funnel_id
        and entries.actor = exclusions.actor
        and progress.last_place = exclusions.place
        and exclusions.search = case entries.step_order when 'any' then -1 else -progress.current_step end
