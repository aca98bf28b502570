-- One row per user and day at whose end the scope is another than at the end of the snapshot day before, or the first.
with days as (
    select
        days.*,
        true as is_touched
    from {{ ref('snapshot_daily_user') }} as days
    where {{ is_touched('user_from', 'days', 'date') }}
    {%- if is_incremental() %}
    union all
    select
        days.*,
        false as is_touched
    from ({{ last_rows_before(ref('snapshot_daily_user'), ['date']) }}) as days
    {%- endif %}
),

followed as (
    select
        *,
        lag(date) over so_far as previous_date,
        lag(region_id) over so_far as previous_region_id,
        lag(country_id) over so_far as previous_country_id,
        lag(branch_id) over so_far as previous_branch_id,
        lag(team_id) over so_far as previous_team_id,
        lag(xp_total) over so_far as previous_xp_total
    from days
    window so_far as (partition by user_id order by date)
)

select
    user_id,
    date,
    region_id,
    country_id,
    branch_id,
    team_id,
    previous_region_id,
    previous_country_id,
    previous_branch_id,
    previous_team_id,
    coalesce(previous_xp_total, 0) as xp_before
from followed
where
    is_touched
    and (
        previous_date is null
        or region_id <> previous_region_id
        or country_id <> previous_country_id
        or branch_id <> previous_branch_id
        or team_id <> previous_team_id
    )
