{#- A supplied session is one actor's and is never cut; other events of a user are cut at pauses. -#}
{% macro with_session_number(events) -%}
    select
        *,
        sum(case when is_first then 1 else 0 end) over (
            partition by actor, session_id
            order by timestamp, {{ binary_order('event_id') }}
            rows unbounded preceding
        ) as session_number
    from (
        select
            events.*,
            session_id = '' and timestamp > lag(timestamp) over (
                partition by actor, session_id
                order by timestamp, {{ binary_order('event_id') }}
            ) + {{ session_gap_minutes() }} * interval '1 minute' as is_first
        from {{ events }} as events
    ) as marked
{%- endmacro %}
