-- E_AGG_CONFLICT: the four published tables tell the same number of SalesLab sessions a day,
-- and each row agrees with int_training__kpi_day.
with published as (
    {% for level in scope_levels() %}
    select
        levels.date,
        '{{ level }}' as scope_level,
        levels.{{ level }}_id as scope_id,
        levels.active_users,
        levels.total_sales_lab_sessions,
        levels.module_completion_rate,
        levels.quiz_pass_rate,
        levels.avg_upsell_success_rate
    from {{ tested_rows(ref('agg_' ~ level)) }} as levels
    {{ 'union all' if not loop.last }}
    {% endfor %}
),

sessions_of_day as (
    select
        date,
        count(distinct sessions) as totals
    from (
        select
            date,
            scope_level,
            sum(total_sales_lab_sessions) as sessions
        from published
        group by date, scope_level
    ) as sessions_of_level
    group by date
)

select
    date,
    'the levels differ in SalesLab sessions' as finding
from sessions_of_day
where totals > 1
union all
select
    published.date,
    'differs from int_training__kpi_day' as finding
from published
left join {{ tested_rows(ref('int_training__kpi_day')) }} as kpis
    on
        published.date = kpis.date
        and published.scope_level = kpis.scope_level
        and published.scope_id = kpis.scope_id
where
    published.active_users is distinct from kpis.active_users
    or published.module_completion_rate is distinct from kpis.module_completion_rate
    or published.quiz_pass_rate is distinct from kpis.quiz_pass_rate
    or published.avg_upsell_success_rate is distinct from kpis.upsell_success_rate
