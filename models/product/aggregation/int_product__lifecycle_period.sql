-- One row per period type (daily, weekly) and period with an active user, and per period behind such a one: users by
-- what they did in the period and in the one before.
with user_days as (
    select
        actor,
        date
    from {{ ref('int_product__action_day') }}
    where action_name = '' and date >= {{ first_needed_date('lifecycle', 13) }}
),

active_periods as (
    {%- for period_type, days in period_types().items() %}
    select distinct
        '{{ period_type }}' as period_type,
        {{ period_start('date', period_type) }} as period_start,
        {{ add_days(period_start('date', period_type), days) }} as next_start,
        actor
    from user_days
    {{ 'union all' if not loop.last }}
    {%- endfor %}
),

-- being active says something of the period and of the one after it
said as (
    select
        period_type,
        period_start,
        actor,
        1 as is_active,
        0 as was_active
    from active_periods
    union all
    select
        period_type,
        next_start as period_start,
        actor,
        0 as is_active,
        1 as was_active
    from active_periods
),

user_periods as (
    select
        said.period_type,
        said.period_start,
        said.actor,
        max(is_active) = 1 as is_active,
        max(was_active) = 1 as was_active
    from said
    where {{ is_touched('lifecycle', 'said', 'period_start') }}
    group by said.period_type, said.period_start, said.actor
),

judged as (
    select
        user_periods.*,
        case
            {%- for period_type in period_types() %}
            when user_periods.period_type = '{{ period_type }}'
                then {{ period_start('firsts.cohort_date', period_type) }} = user_periods.period_start
            {%- endfor %}
        end as is_new
    from user_periods
    inner join {{ ref('int_product__first_actions') }} as firsts
        on user_periods.actor = firsts.actor and firsts.action_name = ''
)

select
    period_type,
    period_start,
    count(case when is_active then 1 end) as active_users,
    count(case when is_active and is_new then 1 end) as new_users,
    count(case when is_active and was_active then 1 end) as returning_users,
    count(case when is_active and not is_new and not was_active then 1 end) as resurrected_users,
    count(case when not is_active then 1 end) as dormant_users
from judged
group by period_type, period_start
