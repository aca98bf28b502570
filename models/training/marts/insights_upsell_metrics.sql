-- One row per user, day, scope and version triple with a SalesLab session: upsellMetrics of the insights contract.
with user_days as (
    select * from {{ ref('int_training__user_day') }}
)

select
    user_id,
    business_date as date,
    saleslab_sessions,
    upsell_attempt_sessions,
    upsell_success_sessions,
    {{ safe_ratio('upsell_success_sessions', 'upsell_attempt_sessions') }} as upsell_success_rate,
    module_version,
    scenario_version,
    prompt_version,
    region_id,
    country_id,
    branch_id,
    team_id
from user_days
where
    saleslab_sessions > 0
    and business_date <= {{ as_of_date() }}
