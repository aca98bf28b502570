-- The tenant of a session is one that its first event with a tenant names, else default; every session has one.
with events as (
    select events.* from {{ tested_rows(ref('stg_learning__events'), 'session', 'session_id') }} as events
),

tenants as (
    select tenants.* from {{ tested_rows(ref('int_learning__session_tenant'), 'session', 'session_id') }} as tenants
),

first_with_tenant as (
    select
        learner_id,
        session_id,
        min(case when tenant_id is not null then at_microseconds end) as at_microseconds
    from events
    group by learner_id, session_id
),

named as (
    select distinct
        earliest.learner_id,
        earliest.session_id,
        coalesce(events.tenant_id, 'default') as tenant_id
    from first_with_tenant as earliest
    left join events
        on
            earliest.learner_id = events.learner_id
            and earliest.session_id = events.session_id
            and earliest.at_microseconds = events.at_microseconds
            and events.tenant_id is not null
)

select
    coalesce(earliest.learner_id, tenants.learner_id) as learner_id,
    coalesce(earliest.session_id, tenants.session_id) as session_id
from first_with_tenant as earliest
full outer join tenants on earliest.learner_id = tenants.learner_id and earliest.session_id = tenants.session_id
left join named
    on
        tenants.learner_id = named.learner_id
        and tenants.session_id = named.session_id
        and tenants.tenant_id = named.tenant_id
where named.tenant_id is null
