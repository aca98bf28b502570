-- Every minute counts the events that lie in it, and lasts as long as what the instants of its session lay on it: from
-- each to the next, at most idle_cap_seconds. Instants are taken once, so that events at one instant lay no time.
{% set longest = [whole_seconds('tail_seconds'), whole_seconds('idle_cap_seconds')] | max %}
{% set counts = {
    'page_views': 'page_view',
    'interactions': 'interaction',
    'assessments_started': 'assessment_started',
    'assessments_completed': 'assessment_completed',
    'lessons_started': 'lesson_started',
    'lessons_completed': 'lesson_completed',
    'errors': 'error',
} %}
with events as (
    select events.* from {{ tested_rows(ref('stg_learning__events'), 'session', 'session_id') }} as events
),

instants as (
    select
        learner_id,
        session_id,
        at_microseconds,
        case
            when lead(at_microseconds) over (partition by learner_id, session_id order by at_microseconds) is null
                then {{ whole_seconds('tail_seconds') * 1000000 }}
            else least(
                lead(at_microseconds) over (partition by learner_id, session_id order by at_microseconds)
                - at_microseconds,
                {{ whole_seconds('idle_cap_seconds') * 1000000 }}
            )
        end as counted_microseconds
    from (
        select distinct
            learner_id,
            session_id,
            at_microseconds
        from events
    ) as distinct_instants
),

minutes as (
    select
        instants.*,
        {{ integer_quotient('instants.at_microseconds', 60000000) }} + later.minutes as minute_number
    from instants
    cross join (values {{ for_each(range(longest // 60 + 2), '({0})', ', ') }}) as later (minutes)
),

contributions as (
    select
        learner_id,
        session_id,
        minute_number,
        least(at_microseconds + counted_microseconds, minute_number * 60000000 + 60000000)
        - greatest(at_microseconds, minute_number * 60000000) as microseconds,
        cast(null as text) as counts_as
    from minutes
    where at_microseconds + counted_microseconds > minute_number * 60000000
    union all
    select
        learner_id,
        session_id,
        {{ integer_quotient('at_microseconds', 60000000) }} as minute_number,
        0 as microseconds,
        counts_as
    from events
),

expected as (
    select
        learner_id,
        session_id,
        {{ instant_of('minute_number * 60000000') }} as minute_timestamp,
        count(counts_as) as total_events,
        {% for name, kind in counts.items() %}
        count(case when counts_as = '{{ kind }}' then 1 end) as {{ name }},
        {% endfor %}
        sum(microseconds) / cast(1000000 as float8) as time_spent_seconds,
        cast({{ instant_of('minute_number * 60000000') }} as date) as partition_date
    from contributions
    group by learner_id, session_id, minute_number
    having count(counts_as) > 0 or sum(microseconds) > 0
),

actual as (
    select minutes.* from {{ tested_rows(ref('minute_metrics'), 'session', 'session_id') }} as minutes
)

{{ reconciled(
    'minute_metrics', 'expected', 'actual', ['learner_id', 'session_id', 'minute_timestamp'],
    ['total_events', 'partition_date'] + counts.keys() | list, {'time_spent_seconds': '0.005000001'}
) }}
