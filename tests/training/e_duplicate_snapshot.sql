-- E_DUPLICATE_SNAPSHOT and section 6: snapshot_daily_user is unique per user and date,
-- snapshot_hourly_user per user, date and hour.
select
    'snapshot_daily_user' as relation,
    days.user_id,
    days.date,
    count(*) as copies
from {{ tested_rows(ref('snapshot_daily_user')) }} as days
group by days.user_id, days.date
having count(*) > 1
union all
select
    'snapshot_hourly_user' as relation,
    hours.user_id,
    hours.date,
    count(*) as copies
from {{ tested_rows(ref('snapshot_hourly_user')) }} as hours
group by hours.user_id, hours.date, hours.hour
having count(*) > 1
