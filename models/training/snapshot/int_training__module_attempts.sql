-- One row per user, module and module version. A completion before the first start seen is the start, and a completion
-- counts under the scope and versions of the start, so that no rate can pass 1. No attempt without a module id.
with module_events as (
    select module_events.* from {{ ref('stg_training__event_log') }} as module_events
    where
        module_events.event_type in ('module_start', 'module_complete')
        and module_events.module_id is not null
        and module_events.module_version is not null
        and {{ is_touched('attempt', 'module_events') }}
),

numbered as (
    select
        *,
        row_number() over (
            partition by user_id, module_id, module_version
            order by timestamp, case when event_type = 'module_start' then 0 else 1 end, event_id
        ) as event_number,
        row_number() over (
            partition by user_id, module_id, module_version, event_type
            order by timestamp, event_id
        ) as number_within_type
    from module_events
),

completions as (
    select * from numbered
    where event_type = 'module_complete' and number_within_type = 1
),

attempts as (
    select
        starts.*,
        completions.timestamp as completed_at,
        completions.business_date as completed_date,
        completions.business_hour as completed_hour,
        (completions.business_date, completions.business_hour)
        < (starts.business_date, starts.business_hour) as is_earlier_by_local_clock
    from numbered as starts
    left join completions
        on
            starts.user_id = completions.user_id
            and starts.module_id = completions.module_id
            and starts.module_version = completions.module_version
    where starts.event_number = 1
)

select  -- noqa: ST06
    user_id,
    module_id,
    module_version,
    timestamp as started_at,
    business_date as started_date,
    business_hour as started_hour,
    completed_at,
    case when is_earlier_by_local_clock then business_date else completed_date end as completed_date,
    case when is_earlier_by_local_clock then business_hour else completed_hour end as completed_hour,
    region_id,
    country_id,
    branch_id,
    team_id,
    scenario_version,
    prompt_version
from attempts
