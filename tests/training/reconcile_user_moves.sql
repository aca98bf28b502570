-- A user moves on a snapshot day whose place is not that of the snapshot day before, and takes along the points of it
-- and the versions that they were earned under.
{% set scope = ['region_id', 'country_id', 'branch_id', 'team_id'] %}
{% set versions = ['module_version', 'scenario_version', 'prompt_version'] %}
with tested as (
    select snapshots.* from {{ tested_rows(ref('snapshot_daily_user')) }} as snapshots
),

history as (
    select snapshots.* from {{ ref('snapshot_daily_user') }} as snapshots
    where snapshots.user_id in (select tested.user_id from tested)
),

numbered as (
    select
        *,
        row_number() over (partition by user_id order by date) as day_number
    from history
),

moved as (
    select
        days.user_id,
        days.date,
        {% for column in scope %}
        days.{{ column }},
        earlier.{{ column }} as previous_{{ column }},
        {% endfor %}
        coalesce(earlier.xp_total, 0) as xp_before
    from tested
    inner join numbered as days on tested.user_id = days.user_id and tested.date = days.date
    left join numbered as earlier on days.user_id = earlier.user_id and days.day_number = earlier.day_number + 1
    where
        earlier.user_id is null
        {%- for column in scope %}
        or days.{{ column }} is distinct from earlier.{{ column }}
        {%- endfor %}
),

-- hours in which the user earned points before the move
points as (
    select
        moved.user_id,
        moved.date,
        {{ for_each(versions, 'min(user_hours.{0}) as first_{0}') }},
        {{ for_each(versions, 'max(user_hours.{0}) as last_{0}') }}
    from moved
    inner join {{ ref('int_training__user_hour') }} as user_hours
        on moved.user_id = user_hours.user_id and moved.date > user_hours.business_date
    where user_hours.xp_earned <> 0 and moved.previous_team_id is not null
    group by moved.user_id, moved.date
),

expected as (
    select
        moved.*,
        {{ for_each(
            versions,
            'case when points.first_{0} = points.last_{0} then points.first_{0} '
            ~ "when points.first_{0} is not null then 'mixed' end as xp_{0}_before"
        ) }}
    from moved
    left join points on moved.user_id = points.user_id and moved.date = points.date
),

actual as (
    select moves.* from {{ tested_rows(ref('int_training__user_moves')) }} as moves
)

{{ reconciled(
    'int_training__user_moves', 'expected', 'actual', ['user_id', 'date'],
    scope + [
        'previous_region_id', 'previous_country_id', 'previous_branch_id', 'previous_team_id', 'xp_before',
        'xp_module_version_before', 'xp_scenario_version_before', 'xp_prompt_version_before'
    ]
) }}
