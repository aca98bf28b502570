-- Where a scope stands in kpi_training_daily: where its records of the day were made, else where its people came from
-- or their attempts began, and on a day without either where it stood before; mixed where those are several.
{% set levels = scope_levels() %}
with tested as (
    select kpis.* from {{ tested_rows(ref('kpi_training_daily')) }} as kpis
),

days as (
    select
        user_days.business_date as date,
        user_days.region_id,
        user_days.country_id,
        user_days.branch_id,
        user_days.team_id,
        case when user_days.records > 0 then 1 else 2 end as preference
    from {{ tested_rows(ref('int_training__user_day'), 'from_date', 'business_date') }} as user_days
    union all
    select
        moves.date,
        moves.previous_region_id as region_id,
        moves.previous_country_id as country_id,
        moves.previous_branch_id as branch_id,
        moves.previous_team_id as team_id,
        2 as preference
    from {{ tested_rows(ref('int_training__user_moves'), 'from_date', 'date') }} as moves
    where moves.previous_team_id is not null
),

by_level as (
    {{ by_scope_level('days') }}
),

preferred as (
    select
        *,
        min(preference) over (partition by date, scope_level, scope_id) as best_preference
    from by_level
),

places as (
    select
        date,
        scope_level,
        scope_id,
        {{ for_each(levels, "case when min({0}_id) = max({0}_id) then min({0}_id) else 'mixed' end as {0}_id") }}
    from preferred
    where preference = best_preference
    group by date, scope_level, scope_id
),

-- the rows that are tested, and the last ones before them
history as (
    select
        kpis.*,
        {{ for_each(levels, 'lag(kpis.{0}_id) over so_far as previous_{0}_id') }}
    from {{ ref('kpi_training_daily') }} as kpis
    where
        kpis.date >= coalesce(
            (
                select max(earlier.date)
                from {{ ref('kpi_training_daily') }} as earlier
                where earlier.date < (select min(tested.date) from tested)
            ),
            (select min(tested.date) from tested)
        )
    window so_far as (partition by kpis.scope_level, kpis.scope_id order by kpis.date)
)

select
    history.date,
    history.scope_level,
    history.scope_id
from history
inner join tested
    on
        history.date = tested.date
        and history.scope_level = tested.scope_level
        and history.scope_id = tested.scope_id
left join places
    on
        history.date = places.date
        and history.scope_level = places.scope_level
        and history.scope_id = places.scope_id
where
    false
    {%- for level in levels %}
    or history.{{ level }}_id is distinct from case
        when history.scope_level in {{ "('" ~ levels[loop.index0:] | join("', '") ~ "')" }}
            then coalesce(places.{{ level }}_id, history.previous_{{ level }}_id)
    end
    {%- endfor %}
