-- One row per event id, with the rule that flags it, the actor whom links make it, and whether it counts.
-- depends_on: {{ ref('int_product__touched_actors') }}
with events as (
    select
        events.*,
        {{ json_text('events.context', 'user_agent') }} as user_agent
    from {{ ref('stg_product__events') }} as events
    where {{ is_touched('sent_actor_day', 'events', 'event_date') }}
),

flagged_days as (
    select * from {{ ref('int_product__flagged_days') }} as flagged
    where {{ is_touched('sent_actor_day', 'flagged', 'event_date') }}
),

flagged_agents as (
    {{ user_agent_rules('events') }}
),

-- A session id with two users is nobody's.
owners as (
    select
        links.session_id,
        min(links.user_id) as user_id
    from {{ ref('identity_links') }} as links
    where {{ is_touched('linked_session', 'links') }} and links.is_active
    group by links.session_id
    having count(*) = 1
),

resolved as (
    select
        events.*,
        coalesce(events.user_id, owners.user_id) as resolved_user_id,
        coalesce(flagged_agents.bot_rule, flagged_days.bot_rule) as bot_rule
    from events
    left join flagged_agents on events.user_agent = flagged_agents.user_agent
    left join flagged_days
        on events.sent_actor = flagged_days.sent_actor and events.event_date = flagged_days.event_date
    left join owners on events.session_id = owners.session_id and events.user_id is null
)

select
    id as event_id,
    event_type,
    event_name,
    timestamp,
    event_date,
    session_id,
    user_id as sent_user_id,
    resolved_user_id as user_id,
    case
        when resolved_user_id is not null then 'u:' || resolved_user_id
        when session_id is not null then 's:' || session_id
    end as actor,
    sent_actor,
    bot_rule,
    ({{ includes_bots() }} or bot_rule is null) and timestamp < {{ as_of_end() }} as is_counted,
    properties,
    context,
    page_url,
    referrer,
    {{ json_text('context', 'app_version') }} as app_version
from resolved
