-- Of the users who came first in a week, how many were there again one day, seven days and thirty days later?
-- One row per definition of retention and week; a day that has not ended for every cohort of the week shows nothing.
with cells as (
    select
        *,
        cast(date_trunc('week', cast(cohort_date as timestamp)) as date) as cohort_week
    from {{ ref('retention') }}
    where day_number in (1, 7, 30)
),

weeks as (
    select
        retention_id,
        cohort_week,
        day_number,
        sum(users) as users,
        case when count(returned_users) = count(*) then sum(returned_users) end as returned_users
    from cells
    group by retention_id, cohort_week, day_number
)

select
    retention_id,
    cohort_week,
    max(users) as users,
    max(case when day_number = 1 then {{ safe_ratio('returned_users', 'users') }} end) as day_1_rate,
    max(case when day_number = 7 then {{ safe_ratio('returned_users', 'users') }} end) as day_7_rate,
    max(case when day_number = 30 then {{ safe_ratio('returned_users', 'users') }} end) as day_30_rate
from weeks
group by retention_id, cohort_week
order by retention_id, cohort_week
