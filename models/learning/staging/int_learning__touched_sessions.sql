-- One row per batch, session and UTC day on which the batch may change what the session's events count for.
-- An event changes its own day, and that of the event before it: the time between the two can count on both days.
{%- set span = [whole_seconds('tail_seconds'), whole_seconds('idle_cap_seconds')] | max %}
with arrivals as (
    select * from {{ source('learning', 'raw_events') }} as arrivals
    where {{ is_touched('batch', 'arrivals', '_batch_id') }}
),

repeated as (
    select * from {{ ref('int_learning__duplicate_events') }}
),

positions as (
    select
        _batch_id as cause,
        learner_id,
        session_id,
        timestamp
    from arrivals
    union
    select
        arrived._batch_id as cause,
        copies.learner_id,
        copies.session_id,
        copies.timestamp
    from repeated as arrived
    inner join repeated as copies
        on arrived.event_id = copies.event_id and arrived._batch_id >= copies._batch_id
    where {{ is_touched('batch', 'arrived', '_batch_id') }}
),

touched as (
    select distinct
        learner_id,
        session_id
    from positions
),

instants as (
    select
        learner_id,
        session_id,
        timestamp,
        max(timestamp_of_event) as timestamp_of_event
    from (
        select
            learner_id,
            session_id,
            timestamp,
            cast(null as timestamp) as timestamp_of_event
        from positions
        union all
        select
            events.learner_id,
            events.session_id,
            events.timestamp,
            events.timestamp as timestamp_of_event
        from {{ ref('stg_learning__events') }} as events
        inner join touched on events.learner_id = touched.learner_id and events.session_id = touched.session_id
    ) as all_instants
    group by learner_id, session_id, timestamp
),

with_event_before as (
    select
        learner_id,
        session_id,
        timestamp,
        max(timestamp_of_event) over (
            partition by learner_id, session_id
            order by timestamp
            rows between unbounded preceding and 1 preceding
        ) as timestamp_before
    from instants
),

changed as (
    select
        positions.cause,
        positions.learner_id,
        positions.session_id,
        case when places.is_before then with_event_before.timestamp_before else positions.timestamp end as changed_from
    from positions
    inner join with_event_before
        on
            positions.learner_id = with_event_before.learner_id
            and positions.session_id = with_event_before.session_id
            and positions.timestamp = with_event_before.timestamp
    cross join (values (true), (false)) as places (is_before)
)

select distinct
    changed.cause as batch_id,
    changed.learner_id,
    changed.session_id,
    cast(changed.changed_from + spans.seconds * interval '1 second' as date) as partition_date
from changed
cross join (values (0), ({{ span }})) as spans (seconds)
where changed.changed_from is not null
