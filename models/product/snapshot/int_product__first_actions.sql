-- One row per first action of a definition of retention, or '' for any event, and user who did it: when that was.
-- A first action before the first touched day of its user stands; without one, that day or a later one has it.
with definitions as (
    select * from {{ ref('product_retention') }}
),

days as (
    select * from {{ ref('int_product__action_day') }} as days
    where
        {{ is_touched('actor_from', 'days', 'date') }}
        and (days.action_name = '' or days.action_name in (select definitions.first_event from definitions))
    {%- if is_incremental() %}
        and not exists (
            select 1
            from {{ this }} as known
            where
                known.action_name = days.action_name
                and known.actor = days.actor
                and not {{ is_touched('actor_from', 'known', 'cohort_date') }}
        )
        {%- endif %}
),

ordered as (
    select
        *,
        row_number() over (partition by action_name, actor order by date) as place
    from days
)

select
    action_name,
    actor,
    date as cohort_date,
    first_at,
    first_event_id
from ordered
where place = 1
