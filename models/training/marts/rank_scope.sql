-- One row per date up to var as_of, scope level, scope and metric; equal values share a rank (1, 2, 2, 4).
-- A scope with fewer participants than var min_participants is shown and not ranked.
{% set min_participants = var('min_participants') | int %}
with kpis as (
    select
        kpis.*,
        windows.window_attempt_scenario_version,
        windows.window_attempt_module_version,
        windows.window_attempt_prompt_version,
        windows.window_quiz_scenario_version,
        windows.window_quiz_module_version,
        windows.window_quiz_prompt_version
    from {{ ref('int_training__kpi_day') }} as kpis
    left join {{ ref('int_training__scope_window') }} as windows
        on
            kpis.date = windows.date
            and kpis.scope_level = windows.scope_level
            and kpis.scope_id = windows.scope_id
    where kpis.date <= {{ as_of_date() }}
),

metrics as (
    {% for metric, value, trials, participants, versions in [
        ('avg_xp_total', 'avg_xp_total', 'users', 'users', 'xp'),
        (
            'module_completion_rate', 'window_completion_rate', 'window_attempts_started', 'window_attempt_users',
            'window_attempt'
        ),
        ('quiz_pass_rate', 'window_quiz_pass_rate', 'window_quizzes_completed', 'window_quiz_users', 'window_quiz'),
    ] %}
    select
        date,
        scope_level,
        scope_id,
        region_id,
        country_id,
        branch_id,
        team_id,
        '{{ metric }}' as metric,
        {{ value }} as value,
        {{ trials }} as trials,
        {{ participants }} as participants,
        {{ value }} is not null and {{ participants }} >= {{ min_participants }} as is_ranked,
        {{ versions }}_scenario_version as scenario_version,
        {{ versions }}_module_version as module_version,
        {{ versions }}_prompt_version as prompt_version
    from kpis
    {{ 'union all' if not loop.last }}
    {% endfor %}
)

select  -- noqa: ST06
    date,
    scope_level,
    scope_id,
    region_id,
    country_id,
    branch_id,
    team_id,
    metric,
    value,
    trials,
    participants,
    is_ranked,
    case
        when is_ranked
            then rank() over (partition by date, scope_level, metric, is_ranked order by value desc nulls last)
    end as rank,
    count(case when is_ranked then 1 end) over (partition by date, scope_level, metric) as ranked_scopes,
    scenario_version,
    module_version,
    prompt_version
from metrics
