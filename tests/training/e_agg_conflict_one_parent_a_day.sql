-- E_AGG_CONFLICT: on one day a scope id stands in one place of the organisation only;
-- else its published row would be two.
select
    date,
    scope_level,
    scope_id,
    count(*) as places
from {{ ref('int_training__scope_day') }}
where records > 0
group by date, scope_level, scope_id
having count(*) > 1
