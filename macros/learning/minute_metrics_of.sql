{#- One row per learner, session and minute, for the table and its live view. -#}
{% macro minute_metrics_of(timed_events) -%}
{%- set longest = [whole_seconds('tail_seconds'), whole_seconds('idle_cap_seconds')] | max -%}
    -- An event is repeated for its own minute and for every later minute that its time can reach.
    with pieces as (
        select
            timed.*,
            {{ integer_quotient('timed.at_microseconds', 60000000) }} + later.minutes as minute_number,
            later.minutes = 0 as is_own_minute
        from {{ timed_events }} as timed
        cross join (
            values {% for minutes in range((longest + 59) // 60 + 1) %}({{ minutes }}){{ ', ' if not loop.last }}{% endfor %}
        ) as later (minutes)
    ),

    pieces_in_minutes as (
        select
            *,
            least(at_microseconds + counted_microseconds, (minute_number + 1) * 60000000)
            - greatest(at_microseconds, minute_number * 60000000) as spent_microseconds
        from pieces
    )

    select
        learner_id,
        {{ instant_of('minute_number * 60000000') }} as minute_timestamp,
        session_id,
        {%- for name, kind in {
            'total_events': none,
            'page_views': 'page_view',
            'interactions': 'interaction',
            'assessments_started': 'assessment_started',
            'assessments_completed': 'assessment_completed',
            'lessons_started': 'lesson_started',
            'lessons_completed': 'lesson_completed',
            'errors': 'error'
        }.items() %}
        cast(
            count(case when is_own_minute{{ " and counts_as = '" ~ kind ~ "'" if kind }} then 1 end) as numeric(10, 0)
        ) as {{ name }},
        {%- endfor %}
        {{ rounded_quotient('cast(sum(greatest(spent_microseconds, 0)) as bigint)', 1000000, 10, 2) }} as time_spent_seconds,
        cast({{ instant_of('minute_number * 60000000') }} as date) as partition_date
    from pieces_in_minutes
    where is_own_minute or spent_microseconds > 0
    group by learner_id, session_id, minute_number
{%- endmacro %}
