-- P-02: every staged record carries all four ids of its scope.
{% for log in ['stg_training__event_log', 'stg_training__interaction_log', 'stg_training__session_log'] %}
select
    '{{ log }}' as relation,
    _batch_id,
    _line_number
from {{ tested_rows(ref(log)) }} as log
where
    coalesce(region_id, '') = ''
    or coalesce(country_id, '') = ''
    or coalesce(branch_id, '') = ''
    or coalesce(team_id, '') = ''
{{ 'union all' if not loop.last }}
{% endfor %}
