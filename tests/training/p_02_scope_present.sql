-- P-02: every staged record carries all four ids of its scope.
{% for log in ['stg_training__event_log', 'stg_training__interaction_log', 'stg_training__session_log'] %}
select
    '{{ log }}' as relation,
    log._batch_id,
    log._line_number
from {{ tested_rows(ref(log)) }} as log
where
    coalesce(log.region_id, '') = ''
    or coalesce(log.country_id, '') = ''
    or coalesce(log.branch_id, '') = ''
    or coalesce(log.team_id, '') = ''
{{ 'union all' if not loop.last }}
{% endfor %}
