-- A link is what the events that count say of session and user: the instants of the first and the last event that tie
-- the two, and of the last that takes the link back. Between two of one instant the greater id is the later one.
with tested as (
    select distinct links.session_id from {{ tested_rows(ref('identity_links')) }} as links
    union
    select events.session_id
    from {{ tested_rows(ref('int_product__events'), 'linked_session', 'event_date') }} as events
),

evidence as (
    select
        events.session_id,
        events.sent_user_id as user_id,
        events.event_id,
        events.timestamp,
        events.event_name = 'identity_withdrawn' as takes_back
    from {{ ref('int_product__events') }} as events
    inner join tested on events.session_id = tested.session_id
    where events.event_type = 'identify' and events.sent_user_id is not null and events.is_counted
),

latest as (
    select
        session_id,
        user_id,
        {{ latest_value('event_id', 'timestamp', ['event_id']) }} as deciding_event_id,
        {{ latest_value('case when not takes_back then event_id end', 'timestamp', ['event_id']) }}
            as evidence_event_id,
        min(case when not takes_back then timestamp end) as valid_from
    from evidence
    group by session_id, user_id
),

expected as (
    select
        latest.session_id,
        latest.user_id,
        latest.evidence_event_id,
        latest.valid_from,
        cast(latest.valid_from as date) as first_date,
        case when deciding.takes_back then deciding.timestamp end as valid_to,
        case when deciding.takes_back then 0 else 1 end as is_active
    from latest
    inner join evidence as deciding
        on
            latest.session_id = deciding.session_id
            and latest.user_id = deciding.user_id
            and latest.deciding_event_id = deciding.event_id
    where latest.evidence_event_id is not null
),

actual as (
    select
        links.session_id,
        links.user_id,
        links.evidence_event_id,
        links.valid_from,
        links.valid_to,
        links.first_date,
        case when links.is_active then 1 else 0 end as is_active
    from {{ ref('identity_links') }} as links
    inner join tested on links.session_id = tested.session_id
)

{{ reconciled(
    'identity_links', 'expected', 'actual', ['session_id', 'user_id'],
    ['evidence_event_id', 'valid_from', 'valid_to', 'is_active', 'first_date']
) }}
