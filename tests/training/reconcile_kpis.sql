-- A row of kpi_training_daily is what its people did on the day, and its state of the day before with what has changed
-- since: users and points by where the snapshots say that each user is. Days end where the mart does.
{% set scope = ['region_id', 'country_id', 'branch_id', 'team_id'] %}
{% set states = ['module_attempts_started', 'module_attempts_completed', 'users', 'xp_total_sum'] %}
{% set of_day = [
    'active_users', 'quizzes_completed', 'quizzes_passed', 'quiz_users', 'upsell_attempt_sessions',
    'upsell_success_sessions',
] %}
with tested as (
    select kpis.* from {{ tested_rows(ref('kpi_training_daily')) }} as kpis
),

shown as (
    select max(kpis.date) as last_date from {{ ref('kpi_training_daily') }} as kpis
),

user_days as (
    select user_days.* from {{ tested_rows(ref('int_training__user_day'), 'from_date', 'business_date') }} as user_days
    where user_days.business_date <= (select shown.last_date from shown)
),

by_level as (
    {{ by_scope_level('user_days') }}
),

counted as (
    {{ counted_by_scope('by_level') }}
),

-- the numbered days with a record anywhere, from the last one before those that are tested
days as (
    select
        date,
        row_number() over (order by date) as day_number
    from (
        select distinct all_user_days.business_date as date
        from {{ ref('int_training__user_day') }} as all_user_days
        where
            all_user_days.business_date <= (select shown.last_date from shown)
            and all_user_days.business_date >= coalesce(
                (
                    select max(earlier.date)
                    from {{ ref('kpi_training_daily') }} as earlier
                    where earlier.date < (select min(user_days.business_date) from user_days)
                ),
                (select min(user_days.business_date) from user_days)
            )
    ) as distinct_days
),

snapshots as (
    select
        snapshots.*,
        {{ for_each(scope + ['xp_total'], 'lag(snapshots.{0}) over so_far as previous_{0}') }}
    from {{ ref('snapshot_daily_user') }} as snapshots
    where snapshots.user_id in (select user_days.user_id from user_days)
    window so_far as (partition by snapshots.user_id order by snapshots.date)
),

-- each user stands in the place of the day, and no longer in that of the snapshot before
stays as (
    {% for before, sign in [('', ''), ('previous_', '-')] %}
    select
        date as business_date,
        {% for column in scope %}
        {{ before }}{{ column }} as {{ column }},
        {% endfor %}
        {{ sign }}1 as users,
        {{ sign }}{{ before }}xp_total as xp_total_sum
    from snapshots
    where {{ before }}team_id is not null
    {{ 'union all' if not loop.last }}
    {% endfor %}
),

stays_by_level as (
    {{ by_scope_level('stays') }}
),

changes as (
    select
        business_date as date,
        scope_level,
        scope_id,
        sum(users) as users,
        sum(xp_total_sum) as xp_total_sum
    from stays_by_level
    group by business_date, scope_level, scope_id
),

before as (
    select
        days.date,
        kpis.scope_level,
        kpis.scope_id,
        kpis.{{ states | join(', kpis.') }}
    from {{ ref('kpi_training_daily') }} as kpis
    inner join days as days_before on kpis.date = days_before.date
    inner join days on days_before.day_number + 1 = days.day_number
),

known as (
    {% for relation in ['before', 'counted', 'changes'] %}
    select
        date,
        scope_level,
        scope_id
    from {{ relation }}
    where date in (select user_days.business_date from user_days)
    {{ 'union' if not loop.last }}
    {% endfor %}
),

expected as (
    select
        known.*,
        {% for measure in of_day %}
        coalesce(counted.{{ measure }}, 0) as {{ measure }},
        {% endfor %}
        counted.quiz_pass_rate,
        counted.upsell_success_rate,
        coalesce(before.module_attempts_started, 0) + coalesce(counted.attempts_started, 0) as module_attempts_started,
        coalesce(before.module_attempts_completed, 0) + coalesce(counted.attempts_completed, 0)
            as module_attempts_completed,
        coalesce(before.users, 0) + coalesce(changes.users, 0) as users,
        coalesce(before.xp_total_sum, 0) + coalesce(changes.xp_total_sum, 0) as xp_total_sum
    from known
    {% for relation in ['before', 'counted', 'changes'] %}
    left join {{ relation }}
        on
            known.date = {{ relation }}.date
            and known.scope_level = {{ relation }}.scope_level
            and known.scope_id = {{ relation }}.scope_id
    {% endfor %}
),

with_rates as (
    select
        *,
        {{ safe_ratio('module_attempts_completed', 'module_attempts_started') }} as module_completion_rate,
        {{ safe_ratio('xp_total_sum', 'users') }} as avg_xp_total
    from expected
)

{{ reconciled(
    'kpi_training_daily', 'with_rates', 'tested', ['date', 'scope_level', 'scope_id'],
    of_day + states + ['quiz_pass_rate', 'upsell_success_rate', 'module_completion_rate', 'avg_xp_total']
) }}
