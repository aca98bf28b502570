-- Does the application win more users than it loses? One row per week that has ended: users who came or came back, by
-- users who stayed away. Above 1 it grows.
select
    period_start as week_start,
    active_users,
    new_users,
    returning_users,
    resurrected_users,
    dormant_users,
    {{ safe_ratio('new_users + resurrected_users', 'dormant_users') }} as won_by_lost
from {{ ref('lifecycle') }}
where period_type = 'weekly' and dormant_users is not null
order by period_start
