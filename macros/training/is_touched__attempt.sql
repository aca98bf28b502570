{% macro is_touched__attempt(alias, date_column, batches) -%}
    {#- Attempts with a start or completion on a touched day, now or before. The day before the completion is for a
        completion that a change of time zone put before its start: it counts on the day of the start. -#}
    ({{ alias }}.user_id, {{ alias }}.module_id, {{ alias }}.module_version) in (
        select
            module_events.user_id,
            module_events.module_id,
            module_events.module_version
        from {{ area_relation('stg_training__event_log') }} as module_events
        where
            module_events.event_type in ('module_start', 'module_complete')
            and {{ is_touched_by(work_kind('user_day'), 'module_events', 'business_date', batches) }}
        union
        select
            attempts.user_id,
            attempts.module_id,
            attempts.module_version
        from {{ this }} as attempts
        inner join {{ touched_rows('user_day', batches) }} as touched
            on
                attempts.user_id = touched.user_id
                and touched.business_date in (
                    attempts.started_date,
                    attempts.completed_date,
                    {{ add_days('attempts.completed_date', -1) }}
                )
    )
{%- endmacro %}
