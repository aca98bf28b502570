{#- Sessions with new events are found in the live events. A session that lost an event to another copy is in the
    work list only. -#}
{% macro waiting_sessions(name) -%}
    select
        events.learner_id,
        events.session_id
    from {{ ref('int_learning__live_events') }} as events
    where events._batch_id > {{ batch_up_to(name) }}
    union
    select
        work.learner_id,
        work.session_id
    from {{ ref('int_learning__touched_sessions') }} as work
    where work.batch_id > {{ batch_up_to(name) }}
{%- endmacro %}
