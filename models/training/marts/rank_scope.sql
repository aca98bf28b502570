-- One row per date, scope level, scope and metric; equal values share a rank, the next is left out (1, 2, 2, 4).
-- A scope with fewer participants than var min_participants is shown and not ranked.
{% set min_participants = var('min_participants') | int %}
with kpis as (
    select * from {{ ref('kpi_training_daily') }}
),

metrics as (
    {% for metric, participants in [
        ('avg_xp_total', 'users'),
        ('module_completion_rate', 'users'),
        ('quiz_pass_rate', 'quiz_users'),
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
        {{ metric }} as value,
        {{ participants }} as participants,
        {{ metric }} is not null and {{ participants }} >= {{ min_participants }} as is_ranked,
        scenario_version,
        module_version,
        prompt_version
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
