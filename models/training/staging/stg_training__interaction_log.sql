-- One row per interaction_id: the winner of its copies, if it is in scope.
-- depends_on: {{ ref('int_training__touched_user_days') }}
with records as (
    select records.* from {{ source('training', 'interaction_log') }} as records
    {%- if is_incremental() %}
    where {{ is_touched('event_date', 'records', '_event_date') }}
    {%- endif %}
),

engines as (
    select * from {{ ref('training_engines') }}
),

scoped as (
    {{ resolve_scope_of_winners('interaction_log', 'records', 'timestamp') }}
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

select
    touched.interaction_id,
    touched.session_id,
    touched.timestamp,
    touched.user_id,
    touched.engine,
    touched.input,
    touched.output,
    touched.difficulty_level,
    touched.persona_id,
    touched.trait_activation,
    touched.upsell_triggered,
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
    touched._batch_id,
    touched._line_number
from touched
where {{ is_touched('user_day', 'touched') }}
