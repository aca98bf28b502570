-- One row per event_id: the winner of its copies, if it is in scope.
-- depends_on: {{ ref('int_training__touched_user_days') }}
with records as (
    select records.* from {{ source('training', 'event_log') }} as records
    {%- if is_incremental() %}
    where {{ is_touched('event_date', 'records', '_event_date') }}
    {%- endif %}
),

scoped as (
    {{ resolve_scope_of_winners('event_log', 'records', 'timestamp') }}
),

touched as (
    select
        records.*,
        scoped.business_date,
        scoped.business_hour
    from records
    inner join scoped
        on records._batch_id = scoped._batch_id and records._line_number = scoped._line_number
)

select
    touched.event_id,
    touched.timestamp,
    touched.user_id,
    touched.event_type,
    touched.module_id,
    touched.quiz_id,
    touched.scenario_id,
    touched.turn_index,
    touched.action,
    touched.module_version,
    touched.scenario_version,
    touched.prompt_version,
    touched.region_id,
    touched.country_id,
    touched.branch_id,
    touched.team_id,
    touched.business_date,
    touched.business_hour,
    touched._batch_id,
    touched._line_number
from touched
where {{ is_touched('user_day', 'touched') }}
