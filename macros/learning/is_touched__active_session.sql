{% macro is_touched__active_session(alias, date_column, batches) -%}
    {#- A session without new events changes too, where it was active at the last run or is active at this one. -#}
    (
        {{ is_touched_by(work_kind('session'), alias, date_column, batches) }}
        or ({{ alias }}.learner_id, {{ alias }}.session_id) in (
            select
                sessions.learner_id,
                sessions.session_id
            from {{ this }} as sessions
            where sessions.is_active or {{ is_active_at('sessions.last_activity', as_of_instant()) }}
        )
    )
{%- endmacro %}
