-- One row per session id and user that an identify event has tied to it. The latest event of the two decides.
-- depends_on: {{ ref('int_product__touched_actors') }}
with evidence as (
    select
        events.id,
        events.session_id,
        events.user_id,
        events.timestamp,
        events.event_name = 'identity_withdrawn' as is_withdrawal
    from {{ ref('stg_product__events') }} as events
    left join {{ ref('int_product__flagged_days') }} as flagged
        on events.sent_actor = flagged.sent_actor and events.event_date = flagged.event_date
    where
        {{ is_touched('linked_session', 'events') }}
        and {{ is_evidence('events') }}
        and events.timestamp < {{ as_of_end() }}
        and ({{ includes_bots() }} or (flagged.bot_rule is null and {{ user_agent_rule('events') }} is null))
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
