-- Every scope of kpi_training_daily stands in rank_scope once for each metric, in its place and with its numbers. A
-- rank is one more than the number of ranked scopes with a greater value; who has a value and enough participants is
-- ranked.
{% set metrics = {
    'avg_xp_total': ('avg_xp_total', 'users', 'users'),
    'module_completion_rate': ('window_completion_rate', 'window_attempts_started', 'window_attempt_users'),
    'quiz_pass_rate': ('window_quiz_pass_rate', 'window_quizzes_completed', 'window_quiz_users'),
} %}
with tested as (
    select ranks.* from {{ tested_rows(ref('rank_scope')) }} as ranks
),

kpis as (
    select kpis.* from {{ tested_rows(ref('kpi_training_daily')) }} as kpis
),

rows_of_scopes as (
    {% for metric, (value, trials, participants) in metrics.items() %}
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
        {{ participants }} as participants
    from kpis
    {{ 'union all' if not loop.last }}
    {% endfor %}
),

-- greater values by counting the scopes of each value, and adding up those of the greater ones
scopes_of_values as (
    select
        date,
        scope_level,
        metric,
        value,
        count(*) as scopes
    from tested
    where is_ranked
    group by date, scope_level, metric, value
),

ranked as (
    select
        lower_values.date,
        lower_values.scope_level,
        lower_values.metric,
        lower_values.value,
        1 + sum(case when higher.value > lower_values.value then higher.scopes else 0 end) as rank,
        sum(higher.scopes) as ranked_scopes
    from scopes_of_values as lower_values
    inner join scopes_of_values as higher
        on
            lower_values.date = higher.date
            and lower_values.scope_level = higher.scope_level
            and lower_values.metric = higher.metric
    group by lower_values.date, lower_values.scope_level, lower_values.metric, lower_values.value
),

counts as (
    select
        date,
        scope_level,
        metric,
        max(ranked_scopes) as ranked_scopes
    from ranked
    group by date, scope_level, metric
),

expected as (
    select
        scopes.date,
        scopes.scope_level,
        scopes.scope_id,
        scopes.metric,
        scopes.region_id,
        scopes.country_id,
        scopes.branch_id,
        scopes.team_id,
        scopes.value,
        scopes.trials,
        scopes.participants,
        cast(
            coalesce(scopes.participants >= {{ var('min_participants') | int }} and scopes.value is not null, false)
            as text
        ) as is_ranked,
        case when tested.is_ranked then ranked.rank end as rank,
        coalesce(counts.ranked_scopes, 0) as ranked_scopes
    from rows_of_scopes as scopes
    left join tested
        on
            scopes.date = tested.date
            and scopes.scope_level = tested.scope_level
            and scopes.scope_id = tested.scope_id
            and scopes.metric = tested.metric
    left join ranked
        on
            scopes.date = ranked.date
            and scopes.scope_level = ranked.scope_level
            and scopes.metric = ranked.metric
            and tested.value = ranked.value
    left join counts
        on
            scopes.date = counts.date
            and scopes.scope_level = counts.scope_level
            and scopes.metric = counts.metric
),

actual as (
    select
        date,
        scope_level,
        scope_id,
        metric,
        region_id,
        country_id,
        branch_id,
        team_id,
        value,
        trials,
        participants,
        cast(is_ranked as text) as is_ranked,
        rank,
        ranked_scopes
    from tested
)

{{ reconciled(
    'rank_scope', 'expected', 'actual', ['date', 'scope_level', 'scope_id', 'metric'],
    [
        'region_id', 'country_id', 'branch_id', 'team_id', 'value', 'trials', 'participants', 'is_ranked', 'rank',
        'ranked_scopes'
    ]
) }}
