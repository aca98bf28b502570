-- One row per stretch of a session on one UTC day in which no pause was longer than idle_cap_seconds.
-- depends_on: {{ ref('int_learning__touched_sessions') }}
{%- set microseconds_of_day = 86400000000 %}
with events as (
    select * from {{ ref('stg_learning__events') }} as events
    where {{ is_touched('session', 'events') }}
),

timed_events as (
    {{ timed_events('events') }}
),

pieces as (
    select
        timed_events.learner_id,
        timed_events.session_id,
        {{ integer_quotient('timed_events.at_microseconds', microseconds_of_day) }} + later.days as day_number,
        timed_events.at_microseconds,
        timed_events.counted_microseconds,
        timed_events.event_id
    from timed_events
    cross join (values (0), (1)) as later (days)
    where timed_events.counted_microseconds > 0
),

pieces_of_days as (
    select
        learner_id,
        session_id,
        day_number,
        greatest(at_microseconds, day_number * {{ microseconds_of_day }}) as start_microseconds,
        least(at_microseconds + counted_microseconds, (day_number + 1) * {{ microseconds_of_day }}) as end_microseconds
    from pieces
    where at_microseconds + counted_microseconds > day_number * {{ microseconds_of_day }}
),

-- within a session no piece begins before the last one ends
marked as (
    select
        *,
        case
            when start_microseconds = lag(end_microseconds) over (
                partition by learner_id, session_id, day_number
                order by start_microseconds
            ) then 0
            else 1
        end as is_new
    from pieces_of_days
),

numbered as (
    select
        *,
        sum(is_new) over (
            partition by learner_id, session_id, day_number
            order by start_microseconds
            rows between unbounded preceding and current row
        ) as span_number
    from marked
),

spans as (
    select
        learner_id,
        session_id,
        cast({{ instant_of('day_number * ' ~ microseconds_of_day) }} as date) as partition_date,
        min(start_microseconds) as start_microseconds,
        max(end_microseconds) as end_microseconds
    from numbered
    group by learner_id, session_id, day_number, span_number
)

select
    spans.learner_id,
    spans.session_id,
    spans.partition_date,
    spans.start_microseconds,
    spans.end_microseconds
from spans
where {{ is_touched('session_day', 'spans', 'partition_date') }}
order by spans.partition_date, spans.learner_id
