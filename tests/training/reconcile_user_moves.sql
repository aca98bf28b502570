-- A user moves on a snapshot day whose place is not that of the snapshot day before, and takes along the points of it.
{% set scope = ['region_id', 'country_id', 'branch_id', 'team_id'] %}
with tested as (
    select snapshots.* from {{ tested_rows(ref('snapshot_daily_user')) }} as snapshots
),

history as (
    select snapshots.* from {{ ref('snapshot_daily_user') }} as snapshots
    where snapshots.user_id in (select tested.user_id from tested)
),

numbered as (
    select
        history.*,
        row_number() over (partition by user_id order by date) as day_number
    from history
),

expected as (
    select
        days.user_id,
        days.date,
        {% for column in scope %}
        days.{{ column }},
        before.{{ column }} as previous_{{ column }},
        {% endfor %}
        coalesce(before.xp_total, 0) as xp_before
    from tested
    inner join numbered as days on tested.user_id = days.user_id and tested.date = days.date
    left join numbered as before on days.user_id = before.user_id and days.day_number = before.day_number + 1
    where
        before.user_id is null
        {%- for column in scope %}
        or days.{{ column }} is distinct from before.{{ column }}
        {%- endfor %}
),

actual as (
    select moves.* from {{ tested_rows(ref('int_training__user_moves')) }} as moves
)

{{ reconciled(
    'int_training__user_moves', 'expected', 'actual', ['user_id', 'date'],
    scope + [
        'previous_region_id', 'previous_country_id', 'previous_branch_id', 'previous_team_id', 'xp_before'
    ]
) }}
