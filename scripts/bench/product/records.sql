-- Invented records of one application: sessions of ten events, values of three hundred series that are sparse.
-- Set before: sessions, sessions_a_day, values, values_a_day (numbers) and first_day (a date).

create table made_analytics_events as
with numbers as (
    select
        number,
        number // 10 as session,
        number % 10 as place,
        hash(number // 10) % 10 as kind,
        hash(number) % 20 as choice
    from range(10 * getvariable('sessions')) as numbers (number)
),

told as (
    select
        *,
        'user-' || hash(session + 1) % (10 * getvariable('sessions_a_day')) as acting_user,
        getvariable('first_day') + to_days((session // getvariable('sessions_a_day'))::integer)
            + to_seconds((hash(session + 2) % 86400 + place * (30 + hash(session + 3) % 90))::bigint) as happened_at,
        case
            when kind in (2, 3) and place = 5 then 'user_identified'
            when choice < 8 then 'page_view'
            when choice < 11 then 'search_performed'
            when choice < 14 then 'mission_created'
            when choice < 16 then 'spec_created'
            when choice < 17 then 'forge_item_created'
            when choice < 18 then 'mission_completed'
            else 'plan_chosen'
        end as event_name
    from numbers
)

-- Of ten sessions two have no id, two become known in the middle, and one stays unknown.
select
    'event-' || number as id,
    case event_name when 'page_view' then 'page' when 'user_identified' then 'identify' else 'track' end as event_type,
    event_name,
    strftime(happened_at, '%Y-%m-%dT%H:%M:%SZ') as timestamp,
    case when kind > 1 then 'session-' || session end as session_id,
    case when kind <> 4 and (kind not in (2, 3) or place >= 5) then acting_user end as user_id,
    case
        when event_name = 'mission_completed'
            then json_object('status', case when number % 3 > 0 then 'success' else 'failure' end, 'duration_ms', number % 9000)
        when choice % 3 = 0 then json_object('number', number)
    end as properties,
    json_object(
        'device_type', ['phone', 'desktop'][1 + (hash(session + 4) % 2)::integer],
        'browser', ['Firefox', 'Safari', 'Chrome'][1 + (hash(session + 4) % 3)::integer],
        'os', ['Linux', 'iOS', 'Windows'][1 + (hash(session + 5) % 3)::integer],
        'country', ['NL', 'DE', 'KR'][1 + (hash(session + 6) % 3)::integer],
        'app_version', '2.' || session * 5 // getvariable('sessions'),
        'user_agent',
        case when hash(session + 7) % 100 = 0 then 'Googlebot/2.1' else 'Mozilla/5.0 (' || hash(session + 7) % 500 || ')' end
    ) as context,
    case when event_name = 'page_view' then '/page/' || number % 30 || '?from=' || number % 7 end as page_url,
    case when place = 0 then 'https://search.example' end as referrer
from told;

-- One event in a hundred comes twice.
insert into made_analytics_events
select * from made_analytics_events
where id like '%00';

create table made_metrics as
select
    'value-' || number as id,
    case number % 20 when 0 then 'api.request.duration' else 'metric.' || number % 20 end as name,
    case number % 20 when 1 then 'counter' else 'timer' end as metric_type,
    round(exp((hash(number) % 100000) / 12500.0), 3) as value,
    strftime(
        getvariable('first_day') + to_days((number // getvariable('values_a_day'))::integer)
        + to_seconds((hash(number + 1) % 86400)::bigint),
        '%Y-%m-%dT%H:%M:%SZ'
    ) as timestamp,
    json_object('status', '200', 'endpoint', '/api/' || number % 300 // 20) as tags
from range(getvariable('values')) as numbers (number);

create table made_funnels as
select
    'plan' as id,
    'Plan' as name,
    '2026-01-01T00:00:00Z' as created_at,
    json(
        '[{"event_name":"mission_created"},{"event_name":"spec_created"},{"event_name":"forge_item_created"},'
        || '{"event_name":"mission_completed"},{"event_name":"plan_chosen"}]'
    ) as steps;
