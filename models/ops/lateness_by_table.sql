-- One row per raw table: how many days after the event its records come, and how many come after the freeze.
-- A percentile is the least number of days within which that share of the records had come (nearest rank).
with lateness as (
    select * from {{ ref('lateness') }}
),

totals as (
    select
        area,
        table_name,
        cast(sum(records) as bigint) as records,
        cast(sum(case when days_late > {{ var('freeze_days') | int }} then records else 0 end) as bigint)
            as records_beyond_freeze
    from lateness
    group by area, table_name
),

running as (
    select
        area,
        table_name,
        days_late,
        sum(records) over (partition by area, table_name order by days_late) as records_so_far
    from lateness
)

select
    totals.area,
    totals.table_name,
    totals.records,
    {% for percent in [50, 95, 99] %}
    min(case when 100 * running.records_so_far >= {{ percent }} * totals.records then running.days_late end)
        as p{{ percent }}_days_late,
    {% endfor %}
    max(running.days_late) as max_days_late,
    totals.records_beyond_freeze,
    {{ safe_ratio('totals.records_beyond_freeze', 'totals.records') }} as share_beyond_freeze
from totals
inner join running
    on
        totals.area = running.area
        and totals.table_name = running.table_name
group by
    totals.area,
    totals.table_name,
    totals.records,
    totals.records_beyond_freeze
