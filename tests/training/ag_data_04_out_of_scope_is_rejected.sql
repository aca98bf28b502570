-- AG-DATA-04: the path of every staged record is a path of the organisation on the record's own day.
{% for log in ['stg_training__event_log', 'stg_training__interaction_log', 'stg_training__session_log'] %}
select
    '{{ log }}' as relation,
    log._batch_id,
    log._line_number
from {{ tested_rows(ref(log)) }} as log
where
    not exists (
        select 1
        from {{ ref('stg_training__org_scope') }} as org_scope
        where
            log.region_id = org_scope.region_id
            and log.country_id = org_scope.country_id
            and log.branch_id = org_scope.branch_id
            and log.team_id = org_scope.team_id
            and log.business_date >= org_scope.valid_from
            and (org_scope.valid_to is null or log.business_date < org_scope.valid_to)
    )
{{ 'union all' if not loop.last }}
{% endfor %}
