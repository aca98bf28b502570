-- The tenants stand beside the published tables: every session has one, and no tenant is without a session.
select
    coalesce(sessions.learner_id, tenants.learner_id) as learner_id,
    coalesce(sessions.session_id, tenants.session_id) as session_id
from {{ ref('session_metrics') }} as sessions
full outer join {{ ref('int_learning__session_tenant') }} as tenants
    on sessions.learner_id = tenants.learner_id and sessions.session_id = tenants.session_id
where
    sessions.session_id is null
    or tenants.tenant_id is null
