-- AG-DATA-06: a KPI row wears the version its scope worked with on that day,
-- mixed where there were several, none where there was none.
with user_days as (
    select user_days.* from {{ tested_rows(ref('int_training__user_day'), 'from_date', 'business_date') }} as user_days
),

by_level as (
    {{ by_scope_level('user_days') }}
),

versions_of_day as (
    select
        business_date as date,
        scope_level,
        scope_id,
        count(distinct module_version) as module_versions,
        min(module_version) as module_version,
        count(distinct scenario_version) as scenario_versions,
        min(scenario_version) as scenario_version,
        count(distinct prompt_version) as prompt_versions,
        min(prompt_version) as prompt_version
    from by_level
    where records > 0
    group by business_date, scope_level, scope_id
)

select
    kpis.date,
    kpis.scope_level,
    kpis.scope_id
from {{ tested_rows(ref('kpi_training_daily')) }} as kpis
left join versions_of_day
    on
        kpis.date = versions_of_day.date
        and kpis.scope_level = versions_of_day.scope_level
        and kpis.scope_id = versions_of_day.scope_id
where
    false
    {%- for version in ['module_version', 'scenario_version', 'prompt_version'] %}
    or kpis.{{ version }} is distinct from
    case when versions_of_day.{{ version }}s > 1 then 'mixed' else versions_of_day.{{ version }} end
    {%- endfor %}
