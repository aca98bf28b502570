-- One row per session id and user that an identify event has tied to it. The latest event of the two decides.
-- depends_on: {{ ref('int_product__touched_actors') }}
with identified as (
    select
        events.*,
        {{ json_text('events.context', 'user_agent') }} as user_agent
    from {{ ref('stg_product__events') }} as events
    where
        {{ is_touched('linked_session', 'events') }}
        and {{ is_evidence('events') }}
        and events.timestamp < {{ as_of_end() }}
),

flagged_agents as (
    {{ user_agent_rules('identified') }}
),

evidence as (
    select
        identified.id,
        identified.session_id,
        identified.user_id,
        identified.timestamp,
        identified.event_name = 'identity_withdrawn' as is_withdrawal
    from identified
    left join flagged_agents on identified.user_agent = flagged_agents.user_agent
    left join {{ ref('int_product__flagged_days') }} as flagged_days
        on identified.sent_actor = flagged_days.sent_actor and identified.event_date = flagged_days.event_date
    where {{ includes_bots() }} or (flagged_agents.bot_rule is null and flagged_days.bot_rule is null)
),

ranked as (
    select
        *,
        row_number() over (
            partition by session_id, user_id
            order by timestamp desc, {{ binary_order('id') }} desc
        ) as recency,
        row_number() over (
            partition by session_id, user_id, is_withdrawal
            order by timestamp desc, {{ binary_order('id') }} desc
        ) as recency_of_its_kind
    from evidence
),

links as (
    select
        session_id,
        user_id,
        max(case when not is_withdrawal and recency_of_its_kind = 1 then id end) as evidence_event_id,
        min(case when not is_withdrawal then timestamp end) as valid_from,
        max(case when recency = 1 and is_withdrawal then timestamp end) as valid_to
    from ranked
    group by session_id, user_id
)

select
    session_id,
    user_id,
    evidence_event_id,
    valid_from,
    valid_to,
    cast(valid_from as date) as first_date,
    valid_to is null as is_active
from links
where valid_from is not null
