-- One row per UTC day that lies at most 29 days behind an event of a user, days to come included: the users of the day,
-- of the last 7 days and of the last 30. A user counts on a day by the last day before it on which they were active.
with user_days as (
    select
        actor,
        date,
        lead(date) over (partition by actor order by date) as next_date
    from {{ ref('int_product__action_day') }}
    where action_name = '' and date >= {{ first_needed_date('product_window', 29) }}
),

places as (
    select cast(places.place as bigint) as place
    from generate_series(0, 29) as places (place)
),

counted as (
    select
        {{ add_days('user_days.date', 'places.place') }} as date,
        places.place
    from user_days
    inner join places on user_days.next_date is null or places.place < user_days.next_date - user_days.date
)

select
    counted.date,
    count(case when counted.place = 0 then 1 end) as daily_users,
    count(case when counted.place < 7 then 1 end) as weekly_users,
    count(*) as monthly_users
from counted
where {{ is_touched('product_window', 'counted', 'date') }}
group by counted.date
