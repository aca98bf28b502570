{#- A supplied session is one actor's and is never cut; other events of a user are cut at pauses. The place in the order of
    the events stands for instant and id, which cost more to compare. -#}
{% macro with_session_start(events) -%}
    select
        *,
        max(
            case
                when
                    place = 1
                    or (session_id = '' and timestamp > before + {{ session_gap_minutes() }} * interval '1 minute')
                    then timestamp
            end
        ) over (partition by actor, session_id order by place rows unbounded preceding) as session_started_at
    from (
        select
            events.*,
            row_number() over of_session as place,
            lag(timestamp) over of_session as before
        from {{ events }} as events
        window of_session as (partition by actor, session_id order by timestamp, {{ binary_order('event_id') }})
    ) as placed
{%- endmacro %}
