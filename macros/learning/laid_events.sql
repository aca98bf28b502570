{#- CTE laid_events: of every event the microseconds until the next one of its session, as far as they count. -#}
{% macro laid_events(events) -%}
followed as (
    select
        events.*,
        lead(at_microseconds) over (
            partition by learner_id, session_id
            order by at_microseconds, {{ binary_order('event_id') }}
        ) - at_microseconds as gap_microseconds
    from {{ events }} as events
),

laid_events as (
    select
        *,
        case
            when gap_microseconds is null then {{ whole_seconds('tail_seconds') * 1000000 }}
            else least(gap_microseconds, {{ whole_seconds('idle_cap_seconds') * 1000000 }})
        end as laid_microseconds
    from followed
)
{%- endmacro %}
