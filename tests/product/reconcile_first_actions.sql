-- The first action of a user stands on the first of the days on which the user did it, and is the first event of it.
with actors as (
    select distinct days.actor from {{ tested_rows(ref('int_product__action_day')) }} as days
    union
    select firsts.actor from {{ tested_rows(ref('int_product__first_actions')) }} as firsts
),

days as (
    select days.*
    from {{ ref('int_product__action_day') }} as days
    inner join actors on days.actor = actors.actor
    where
        days.action_name = ''
        or days.action_name in (select asked.first_event from {{ ref('product_retention') }} as asked)
),

firsts as (
    select
        action_name,
        actor,
        min(date) as cohort_date
    from days
    group by action_name, actor
),

expected as (
    select
        firsts.*,
        days.first_at,
        days.first_event_id
    from firsts
    inner join days
        on firsts.action_name = days.action_name and firsts.actor = days.actor and firsts.cohort_date = days.date
),

actual as (
    select first_actions.*
    from {{ ref('int_product__first_actions') }} as first_actions
    inner join actors on first_actions.actor = actors.actor
)

{{ reconciled(
    'int_product__first_actions', 'expected', 'actual', ['action_name', 'actor'],
    ['cohort_date', 'first_at', 'first_event_id']
) }}
