-- E_DUPLICATE_SNAPSHOT and section 6: snapshot_daily_user is unique per user and date,
-- snapshot_hourly_user per user, date and hour.
select
    'snapshot_daily_user' as relation,
    user_id,
    date,
    count(*) as copies
from {{ tested_rows(ref('snapshot_daily_user')) }} as days
group by user_id, date
having count(*) > 1
union all
select
    'snapshot_hourly_user' as relation,
    user_id,
    date,
    count(*) as copies
from {{ tested_rows(ref('snapshot_hourly_user')) }} as hours
group by user_id, date, hour
having count(*) > 1
