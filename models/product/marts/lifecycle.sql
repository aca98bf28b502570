-- One row per period type (daily, weekly) and period from the first event to as_of: users by what they did in the
-- period and in the one before. Who is dormant is known when the period has ended.
with counted as (
    select * from {{ ref('int_product__lifecycle_period') }}
    where period_start <= {{ as_of_date() }}
),

periods as (
    {%- for period_type, days in period_types().items() %}
    select
        '{{ period_type }}' as period_type,
        cast(starts.start_at as date) as period_start,
        {{ add_days('cast(starts.start_at as date)', days) }} as next_start
    from
        generate_series(
            (
                select cast(min(counted.period_start) as timestamp) from counted
                where counted.period_type = '{{ period_type }}'
            ),
            cast({{ as_of_date() }} as timestamp),
            interval '{{ days }} days'
        ) as starts (start_at)
    {{ 'union all' if not loop.last }}
    {%- endfor %}
)

select
    periods.period_type,
    periods.period_start,
    coalesce(counted.active_users, 0) as active_users,
    coalesce(counted.new_users, 0) as new_users,
    coalesce(counted.returning_users, 0) as returning_users,
    coalesce(counted.resurrected_users, 0) as resurrected_users,
    case
        when cast(periods.next_start as timestamp) <= {{ complete_to() }} then coalesce(counted.dormant_users, 0)
    end as dormant_users
from periods
left join counted on periods.period_type = counted.period_type and periods.period_start = counted.period_start
