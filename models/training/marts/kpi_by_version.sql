-- One row per scope level, scope, kpi and version triple with any trial up to var as_of; too few is said, not hidden.
{% set min_sample = var('min_sample') | int %}
with version_days as (
    select *
    from {{ ref('int_training__scope_version_day') }}
    where date <= {{ as_of_date() }}
),

latest_paths as (
    select
        scope_level,
        scope_id,
        region_id,
        country_id,
        branch_id,
        team_id,
        row_number() over (partition by scope_level, scope_id order by date desc) as nth_latest
    from version_days
    where users_seen > 0
),

trials as (
    {% for kpi, successes, trials in [
        ('module_completion_rate', 'attempts_completed', 'attempts_started'),
        ('quiz_pass_rate', 'quizzes_passed', 'quizzes_completed'),
        ('upsell_success_rate', 'upsell_success_sessions', 'upsell_attempt_sessions'),
    ] %}
    select
        scope_level,
        scope_id,
        '{{ kpi }}' as kpi,
        module_version,
        scenario_version,
        prompt_version,
        cast(sum({{ trials }}) as bigint) as n,
        cast(sum({{ successes }}) as bigint) as successes
    from version_days
    group by scope_level, scope_id, module_version, scenario_version, prompt_version
    having sum({{ trials }}) > 0
    {{ 'union all' if not loop.last }}
    {% endfor %}
)

select
    trials.scope_level,
    trials.scope_id,
    latest_paths.region_id,
    latest_paths.country_id,
    latest_paths.branch_id,
    latest_paths.team_id,
    trials.kpi,
    trials.module_version,
    trials.scenario_version,
    trials.prompt_version,
    trials.n,
    trials.successes,
    {{ safe_ratio('trials.successes', 'trials.n') }} as rate,
    {{ wilson_lower('trials.successes', 'trials.n') }} as wilson_lower,
    {{ wilson_upper('trials.successes', 'trials.n') }} as wilson_upper,
    case when trials.n < {{ min_sample }} then 'too few' else 'enough' end as sample_verdict
from trials
inner join latest_paths
    on
        trials.scope_level = latest_paths.scope_level
        and trials.scope_id = latest_paths.scope_id
        and latest_paths.nth_latest = 1
