-- Each event says what was sent, is flagged by the rules of the seed, and is the user's to whom the links lead.
-- Minutes are counted by a window here, and a session's owner is one that no second link disputes.
with sent as (
    select events.* from {{ tested_rows(ref('stg_product__events'), 'sent_actor_day', 'event_date') }} as events
),

counted as (
    select
        *,
        count(case when timestamp < {{ as_of_end() }} then 1 end) over (
            partition by sent_actor, event_date, {{ integer_quotient(microseconds_of('timestamp'), 60000000) }}
        ) as events_of_the_minute,
        count(case when timestamp < {{ as_of_end() }} then 1 end) over (
            partition by sent_actor, event_date
        ) as events_of_the_day
    from sent
),

peaks as (
    select
        *,
        max(events_of_the_minute) over (partition by sent_actor, event_date) as most_in_a_minute,
        {{ ascii_lower(json_text('context', 'user_agent')) }} as user_agent
    from counted
),

hits as (
    select
        peaks.id,
        min(case when rules.kind = 'user_agent' then {{ binary_order('rules.rule') }} end) as own_rule,
        min(case when rules.kind <> 'user_agent' then {{ binary_order('rules.rule') }} end) as rule_of_the_day
    from peaks
    inner join {{ ref('product_bot_rules') }} as rules
        on
            rules.is_enabled
            and (
                (
                    rules.kind = 'user_agent'
                    and replace(peaks.user_agent, {{ ascii_lower('rules.pattern') }}, '') <> peaks.user_agent
                )
                or (
                    peaks.sent_actor <> ''
                    and (
                        (rules.kind = 'rate' and peaks.most_in_a_minute > rules.threshold)
                        or (rules.kind = 'one_hit' and peaks.events_of_the_day = 1)
                    )
                )
            )
    group by peaks.id
),

expected as (
    select
        sent.id as event_id,
        sent.event_type,
        sent.event_name,
        sent.timestamp,
        sent.event_date,
        sent.session_id,
        sent.user_id as sent_user_id,
        sent.sent_actor,
        sent.page_url,
        sent.referrer,
        cast(sent.properties as text) as properties,
        cast(sent.context as text) as context,
        coalesce(hits.own_rule, hits.rule_of_the_day) as bot_rule,
        case
            when
                sent.timestamp < {{ as_of_end() }}
                and ({{ includes_bots() }} or coalesce(hits.own_rule, hits.rule_of_the_day) is null)
                then 1
            else 0
        end as is_counted,
        coalesce(sent.user_id, owners.user_id) as user_id,
        case
            when coalesce(sent.user_id, owners.user_id) is not null then 'u:' || coalesce(sent.user_id, owners.user_id)
            else 's:' || sent.session_id
        end as actor,
        {{ json_text('sent.context', 'app_version') }} as app_version
    from sent
    left join hits on sent.id = hits.id
    left join {{ ref('identity_links') }} as owners
        on
            sent.session_id = owners.session_id
            and owners.is_active
            and not exists (
                select 1
                from {{ ref('identity_links') }} as disputing
                where
                    disputing.session_id = owners.session_id
                    and disputing.user_id <> owners.user_id
                    and disputing.is_active
            )
),

actual as (
    select
        events.event_id,
        events.event_type,
        events.event_name,
        events.timestamp,
        events.event_date,
        events.session_id,
        events.sent_user_id,
        events.sent_actor,
        events.page_url,
        events.referrer,
        events.bot_rule,
        events.user_id,
        events.actor,
        events.app_version,
        cast(events.properties as text) as properties,
        cast(events.context as text) as context,
        case when events.is_counted then 1 else 0 end as is_counted
    from {{ tested_rows(ref('int_product__events')) }} as events
)

{{ reconciled('int_product__events', 'expected', 'actual', ['event_id'], [
    'event_type', 'event_name', 'timestamp', 'event_date', 'session_id', 'sent_user_id', 'sent_actor', 'page_url',
    'referrer', 'properties', 'context', 'bot_rule', 'is_counted', 'user_id', 'actor', 'app_version',
]) }}
