-- One row per scope level and id that stood under several parents on one day.
-- Numbers are grouped by level and id, so it counts as one scope (decision 13).
{% set levels = scope_levels() %}
with user_days as (
    select distinct
        business_date,
        region_id,
        country_id,
        branch_id,
        team_id
    from {{ ref('int_training__user_day') }}
),

scopes as (
    {%- for level in levels[1:] %}
    select distinct
        business_date,
        '{{ level }}' as scope_level,
        {{ level }}_id as scope_id,
        {{ levels[loop.index0] }}_id as parent_id
    from user_days
    {{ 'union all' if not loop.last }}
    {%- endfor %}
),

numbered as (
    select
        *,
        count(*) over (partition by business_date, scope_level, scope_id) as parents_of_day
    from scopes
)

select
    'training' as area,
    scope_level,
    scope_id,
    {{ sorted_distinct_texts('parent_id') }} as parent_ids,
    count(distinct business_date) as days,
    min(business_date) as first_date,
    max(business_date) as last_date
from numbered
where parents_of_day > 1
group by scope_level, scope_id
