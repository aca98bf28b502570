-- The tenants stand beside the published tables: every session has one, and no tenant is without a session but those
-- of sessions that are left out.
select
    coalesce(sessions.learner_id, tenants.learner_id) as learner_id,
    coalesce(sessions.session_id, tenants.session_id) as session_id
from {{ ref('session_metrics') }} as sessions
full outer join {{ ref('int_learning__session_tenant') }} as tenants
    on sessions.learner_id = tenants.learner_id and sessions.session_id = tenants.session_id
left join {{ ref('int_learning__unpublished') }} as left_out
    on
        tenants.learner_id = left_out.learner_id
        and tenants.session_id = left_out.session_id
        and left_out.table_name = 'session_metrics'
where
    (sessions.session_id is null) is distinct from (left_out.session_id is not null)
    or tenants.tenant_id is null
