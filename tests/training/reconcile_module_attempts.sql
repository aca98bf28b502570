-- An attempt begins with its first event and is completed by its first completion; the event it begins with says where
-- and under which versions. Counted from the staged events.
with attempts as (
    select attempts.* from {{ tested_rows(ref('int_training__module_attempts')) }} as attempts
),

module_events as (
    select events.* from {{ tested_rows(ref('stg_training__event_log'), 'user', 'user_id') }} as events
    where
        events.event_type in ('module_start', 'module_complete')
        and events.module_id is not null
        and events.module_version is not null
),

expected as (
    select
        user_id,
        module_id,
        module_version,
        min(timestamp) as started_at,
        min(case when event_type = 'module_complete' then timestamp end) as completed_at
    from module_events
    group by user_id, module_id, module_version
)

select
    relation,
    user_id,
    module_id,
    module_version,
    finding
from (
    {{ reconciled(
        'int_training__module_attempts', 'expected', 'attempts', ['user_id', 'module_id', 'module_version'],
        ['started_at', 'completed_at']
    ) }}
) as found
union all
select
    'int_training__module_attempts' as relation,
    attempts.user_id,
    attempts.module_id,
    attempts.module_version,
    'no event begins it at that place and hour, under those versions' as finding
from attempts
where
    not exists (
        select 1
        from module_events
        where
            module_events.user_id = attempts.user_id
            and module_events.module_id = attempts.module_id
            and module_events.module_version = attempts.module_version
            and module_events.timestamp = attempts.started_at
            and module_events.business_date = attempts.started_date
            and module_events.business_hour = attempts.started_hour
            and module_events.region_id = attempts.region_id
            and module_events.country_id = attempts.country_id
            and module_events.branch_id = attempts.branch_id
            and module_events.team_id = attempts.team_id
            and coalesce(module_events.scenario_version, chr(31)) = coalesce(attempts.scenario_version, chr(31))
            and coalesce(module_events.prompt_version, chr(31)) = coalesce(attempts.prompt_version, chr(31))
    )
union all
select
    'int_training__module_attempts' as relation,
    attempts.user_id,
    attempts.module_id,
    attempts.module_version,
    'no event completes it in that hour, nor is that the hour of its start' as finding
from attempts
where
    (attempts.completed_at is not null or attempts.completed_date is not null or attempts.completed_hour is not null)
    and not exists (
        select 1
        from module_events
        where
            module_events.user_id = attempts.user_id
            and module_events.module_id = attempts.module_id
            and module_events.module_version = attempts.module_version
            and module_events.event_type = 'module_complete'
            and module_events.timestamp = attempts.completed_at
            and greatest(
                module_events.business_date + module_events.business_hour * interval '1 hour',
                attempts.started_date + attempts.started_hour * interval '1 hour'
            ) = attempts.completed_date + attempts.completed_hour * interval '1 hour'
    )
