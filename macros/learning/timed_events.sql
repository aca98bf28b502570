{#- Every event with the time until the next one of its session, and how much of it counts. -#}
{% macro timed_events(events) -%}
    select
        *,
        case
            when gap_microseconds is null then {{ whole_seconds('tail_seconds') * 1000000 }}
            else least(gap_microseconds, {{ whole_seconds('idle_cap_seconds') * 1000000 }})
        end as counted_microseconds
    from (
        select
            events.*,
            lead(at_microseconds) over (
                partition by learner_id, session_id
                order by at_microseconds, {{ binary_order('event_id') }}
            ) - at_microseconds as gap_microseconds
        from {{ events }} as events
    ) as followed
{%- endmacro %}
