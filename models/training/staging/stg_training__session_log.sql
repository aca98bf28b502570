-- One row per session_id: the winner of its copies, if it is in scope. A session belongs to the day of its start.
-- depends_on: {{ ref('int_training__touched_user_days') }}
with records as (
    select
        records.*,
        {{ seconds_between('records.start_time', 'records.end_time') }} as duration_seconds
    from {{ source('training', 'session_log') }} as records
    {%- if is_incremental() %}
    where {{ is_touched('event_date', 'records', '_event_date') }}
    {%- endif %}
),

engines as (
    select * from {{ ref('training_engines') }}
),

scoped as (
    {{ resolve_scope_of_winners('session_log', 'records', 'start_time') }}
),

touched as (
    select
        records.*,
        scoped.business_date,
        scoped.business_hour,
        engines.canonical_engine
    from records
    inner join scoped
        on records._batch_id = scoped._batch_id and records._line_number = scoped._line_number
    inner join engines on records.engine = engines.engine
)

select  -- noqa: ST06
    touched.session_id,
    touched.user_id,
    touched.engine,
    touched.start_time,
    touched.end_time,
    touched.duration_sec,
    touched.outcome,
    touched.turn_count,
    touched.correct_answers,
    touched.upsell_attempts,
    touched.upsell_success,
    touched.module_version,
    touched.scenario_version,
    touched.prompt_version,
    touched.region_id,
    touched.country_id,
    touched.branch_id,
    touched.team_id,
    touched.business_date,
    touched.business_hour,
    touched.canonical_engine,
    touched.duration_seconds,
    abs(touched.duration_seconds - touched.duration_sec) > 1 as is_duration_mismatch,
    touched._batch_id,
    touched._line_number
from touched
where {{ is_touched('user_day', 'touched') }}
