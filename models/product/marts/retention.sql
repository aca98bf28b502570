-- One row per definition of retention, cohort and day number from 0 to retention_days.
-- What a day that has not ended for the whole cohort would show is null.
with cells as (
    select
        cells.*,
        definitions.clock,
        case
            when definitions.clock = '24h' then cells.last_first_at + (cells.day_number + 1) * interval '1 day'
            else cells.cohort_date + (cells.day_number + 1) * interval '1 day'
        end <= {{ complete_to() }} as has_ended
    from {{ ref('int_product__retention_cell') }} as cells
    inner join {{ ref('product_retention') }} as definitions on cells.retention_id = definitions.retention_id
),

shown as (
    select
        *,
        case when has_ended then returned_users end as shown_users,
        case when has_ended then returned_users_from_day end as shown_users_from_day
    from cells
)

select
    retention_id,
    cohort_date,
    day_number,
    clock,
    users,
    shown_users as returned_users,
    {{ safe_ratio('shown_users', 'users') }} as retention_rate,
    shown_users_from_day as returned_users_from_day,
    {{ safe_ratio('shown_users_from_day', 'users') }} as unbounded_rate
from shown
