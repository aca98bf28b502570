-- Section 6, missing scope (E_SCOPE_MISSING): no record without its four scope ids got through the door.
{% for log in ['event_log', 'interaction_log', 'session_log'] %}
select
    '{{ log }}' as table_name,
    log._batch_id,
    log._line_number
from {{ tested_rows(source('training', log)) }} as log
where
    coalesce(log.region_id, '') = ''
    or coalesce(log.country_id, '') = ''
    or coalesce(log.branch_id, '') = ''
    or coalesce(log.team_id, '') = ''
{{ 'union all' if not loop.last }}
{% endfor %}
