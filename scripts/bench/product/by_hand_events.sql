-- The published tables of events as one would write them for DuckDB alone, over the raw tables and the seeds.
-- Set before: as_of_end. The funnel is the one that the benchmark makes.

create table by_hand.funnels as
select id, name, description, steps, created_at
from raw_product.funnels;

create table by_hand.analytics_events as
with repeated as (
    select id from raw_product.analytics_events group by id having count(*) > 1
),

losers as (
    select events._batch_id, events._line_number
    from raw_product.analytics_events as events
    inner join repeated using (id)
    qualify row_number() over (
        partition by events.id order by events.timestamp, md5(events::text), events._line_number
    ) > 1
)

select
    id, event_type, event_name, timestamp, session_id, user_id, properties, context, page_url, referrer
from raw_product.analytics_events
anti join losers using (_batch_id, _line_number);

-- Events that no rule flags on their own or by the day of their actor.
create temp table unflagged as
with events as (
    select
        *,
        timestamp::date as event_date,
        context ->> 'user_agent' as user_agent,
        case when user_id is not null then 'u:' || user_id when session_id is not null then 's:' || session_id end
            as sent_actor
    from by_hand.analytics_events
    where timestamp < getvariable('as_of_end')
),

rules as (
    select * from reference_product.product_bot_rules where is_enabled
),

agents as (
    select distinct agents.user_agent
    from (select distinct user_agent from events) as agents
    inner join rules on rules.kind = 'user_agent' and contains(lower(agents.user_agent), lower(rules.pattern))
),

minutes as (
    select sent_actor, event_date, count(*) as events
    from events
    where sent_actor is not null
    group by sent_actor, event_date, date_trunc('minute', timestamp)
),

days as (
    select days.*
    from (
        select sent_actor, event_date, sum(events) as events, max(events) as most
        from minutes
        group by all
    ) as days
    inner join rules
        on (rules.kind = 'rate' and days.most > rules.threshold) or (rules.kind = 'one_hit' and days.events = 1)
)

select * exclude (user_agent)
from events
anti join agents using (user_agent)
anti join days using (sent_actor, event_date);

create table by_hand.identity_links as
with evidence as (
    select *, event_name = 'identity_withdrawn' as is_withdrawal
    from unflagged
    where event_type = 'identify' and session_id is not null and user_id is not null
)

select
    session_id,
    user_id,
    max_by(id, (timestamp, id)) filter (not is_withdrawal) as evidence_event_id,
    min(timestamp) filter (not is_withdrawal) as valid_from,
    case when max_by(is_withdrawal, (timestamp, id)) then max(timestamp) end as valid_to,
    valid_from::date as first_date,
    valid_to is null as is_active
from evidence
group by session_id, user_id
having valid_from is not null;

-- Events with their actor and the number of their session among those of the actor.
create temp table events as
with owners as (
    select session_id, min(user_id) as user_id
    from by_hand.identity_links
    where is_active
    group by session_id
    having count(*) = 1
),

resolved as (
    select
        unflagged.* exclude (user_id, session_id),
        coalesce(unflagged.user_id, owners.user_id) as user_id,
        coalesce(unflagged.session_id, '') as session_id,
        case
            when coalesce(unflagged.user_id, owners.user_id) is not null
                then 'u:' || coalesce(unflagged.user_id, owners.user_id)
            when unflagged.session_id is not null then 's:' || unflagged.session_id
        end as actor
    from unflagged
    left join owners on unflagged.session_id = owners.session_id and unflagged.user_id is null
),

marked as (
    select
        *,
        session_id = '' and timestamp > lag(timestamp) over session_events + interval '30 minutes' as is_first,
        lead(timestamp) over session_events as next_at
    from resolved
    window session_events as (partition by actor, session_id order by timestamp, id)
)

select
    * exclude (is_first),
    nullif(split_part(split_part(page_url, '?', 1), '#', 1), '') as page,
    sum(coalesce(is_first, false)::integer) over (
        partition by actor, session_id order by timestamp, id rows unbounded preceding
    ) as session_number
from marked;

create temp table sessions as
select
    actor,
    session_id,
    session_number,
    max(user_id) as user_id,
    min(timestamp) as started_at,
    max(timestamp) as ended_at,
    count(*) as event_count,
    $first_values,
    min_by(page_url, (timestamp, id)) filter (page_url is not null) as landing_page,
    max_by(page_url, (timestamp, id)) filter (page_url is not null) as exit_page,
    case when count(distinct context ->> 'app_version') > 1 then 'mixed' else max(context ->> 'app_version') end
        as app_version,
    count(distinct page) as pages
from events
where actor is not null
group by actor, session_id, session_number;

create table by_hand.analytics_sessions as
select
    case
        when session_id <> '' and count(*) over (partition by session_id) = 1 then session_id
        when session_id <> '' then 'strata:' || md5('shared' || length(session_id) || ':' || session_id || actor)
        else 'strata:' || md5('cut' || length(actor) || ':' || actor || epoch_us(started_at))
    end as id,
    user_id,
    started_at,
    ended_at,
    epoch_ms(ended_at) - epoch_ms(started_at) as duration_ms,
    event_count,
    device_type, browser, os, country, city, referrer, landing_page, exit_page
from sessions;

create temp table user_days as
select
    user_id,
    event_date as date,
    count(distinct (session_id, session_number)) as session_count,
    count(*) as event_count,
    min(timestamp) as first_seen_at,
    max(timestamp) as last_seen_at
from events
where user_id is not null
group by all;

create table by_hand.user_activity as
with pauses as (
    select
        user_id,
        event_date,
        timestamp,
        next_at
    from events
    where user_id is not null and (session_id <> '' or next_at <= timestamp + interval '30 minutes')
),

-- A pause over midnight is cut; what lies on a day without a row goes to the day of the event before.
pieces as (
    select
        cut.user_id,
        coalesce(user_days.date, cut.event_date) as date,
        epoch_ms(least(cut.next_at, cut.day + interval '1 day')) - epoch_ms(greatest(cut.timestamp, cut.day)) as ms
    from (
        select *, unnest(generate_series(event_date::timestamp, next_at, interval '1 day')) as day
        from pauses
        where next_at::date > event_date
    ) as cut
    left join user_days on cut.user_id = user_days.user_id and cut.day::date = user_days.date
    union all
    select user_id, event_date, epoch_ms(next_at) - epoch_ms(timestamp)
    from pauses
    where next_at::date = event_date
),

times as (
    select user_id, date, sum(ms)::bigint as total_duration_ms from pieces group by all
),

breakdowns as (
    select
        user_id,
        date,
        '{' || string_agg(to_json(event_name)::text || ':' || events, ',' order by event_name) || '}'
            as events_breakdown
    from (
        select user_id, event_date as date, event_name, count(*) as events
        from events
        where user_id is not null
        group by all
    ) as names
    group by all
)

select
    md5(user_days.user_id || chr(31) || user_days.date) as id,
    user_days.user_id,
    user_days.date,
    user_days.session_count,
    user_days.event_count,
    coalesce(times.total_duration_ms, 0) as total_duration_ms,
    user_days.first_seen_at,
    user_days.last_seen_at,
    breakdowns.events_breakdown
from user_days
inner join breakdowns using (user_id, date)
left join times using (user_id, date);

create table by_hand.feature_usage as
with uses as (
    select
        features.feature_name,
        events.event_date,
        events.user_id,
        features.success_value = json_extract_string(events.properties, '/' || features.success_property) as is_success,
        try_cast(json_extract_string(events.properties, '/' || features.duration_property) as double) as duration_ms
    from events
    inner join reference_product.product_features as features using (event_name)
)

select
    md5(feature_name || chr(31) || event_date) as id,
    feature_name,
    event_date as date,
    count(*) as usage_count,
    count(distinct user_id) as unique_users,
    avg(duration_ms) filter (duration_ms between 0 and 366 * 86400000::bigint) as avg_duration_ms,
    avg(is_success::integer) as success_rate
from uses
group by feature_name, event_date;

create table by_hand.retention as
with definitions as (
    select * from reference_product.product_retention
),

firsts as (
    select
        definitions.retention_id,
        definitions.clock,
        definitions.return_event,
        events.user_id,
        min(events.timestamp) as first_at,
        min_by(events.id, (events.timestamp, events.id)) as first_id
    from events
    inner join definitions on definitions.first_event is null or events.event_name = definitions.first_event
    where events.user_id is not null
    group by all
),

returns as (
    select distinct
        firsts.retention_id,
        firsts.first_at::date as cohort_date,
        firsts.user_id,
        case firsts.clock
            when '24h' then (epoch_us(events.timestamp) - epoch_us(firsts.first_at)) // 86400000000
            else events.event_date - firsts.first_at::date
        end as day_number
    from firsts
    inner join events using (user_id)
    where
        (events.timestamp, events.id) > (firsts.first_at, firsts.first_id)
        and (firsts.return_event is null or events.event_name = firsts.return_event)
        and day_number <= 30
),

counts as (
    select retention_id, cohort_date, day_number, count(*) as returned, count(*) filter (is_last) as last_returned
    from (
        select *, day_number = max(day_number) over (partition by retention_id, user_id) as is_last from returns
    ) as marked
    group by all
),

cells as (
    select
        cohorts.*,
        numbers.day_number,
        coalesce(counts.returned, 0) as returned,
        sum(coalesce(counts.last_returned, 0)) over (
            partition by cohorts.retention_id, cohorts.cohort_date order by numbers.day_number desc
        )::bigint as returned_later,
        case cohorts.clock when '24h' then cohorts.last_first_at else cohorts.cohort_date end
        + (numbers.day_number + 1) * interval '1 day' <= getvariable('as_of_end') as has_ended
    from (
        select retention_id, clock, first_at::date as cohort_date, max(first_at) as last_first_at, count(*) as users
        from firsts
        group by all
    ) as cohorts
    cross join range(31) as numbers (day_number)
    left join counts using (retention_id, cohort_date, day_number)
)

select
    retention_id,
    cohort_date,
    day_number,
    clock,
    users,
    case when has_ended then returned end as returned_users,
    case when has_ended then returned / users end as retention_rate,
    case when has_ended then returned_later end as returned_users_from_day,
    case when has_ended then returned_later / users end as unbounded_rate
from cells;

create table by_hand.lifecycle as
with active as (
    select distinct 'daily' as period_type, user_id, date as period_start, 1 as days from user_days
    union all
    select distinct 'weekly', user_id, date_trunc('week', date)::date, 7 from user_days
),

told as (
    select
        *,
        min(period_start) over (partition by period_type, user_id) as first_start,
        lag(period_start) over (partition by period_type, user_id order by period_start) as before,
        lead(period_start) over (partition by period_type, user_id order by period_start) as after
    from active
),

counts as (
    select
        period_type,
        period_start,
        count(*) as active_users,
        count(*) filter (period_start = first_start) as new_users,
        count(*) filter (before = period_start - days) as returning_users,
        count(*) filter (before < period_start - days) as resurrected_users
    from told
    group by all
),

dormant as (
    select period_type, period_start + days as period_start, count(*) as users
    from told
    where after is null or after > period_start + days
    group by all
),

periods as (
    select period_type, days, unnest(generate_series(first_start, getvariable('as_of_end')::date - 1, days * interval '1 day'))::date as period_start
    from (select period_type, days, min(period_start) as first_start from active group by all) as starts
)

select
    periods.period_type,
    periods.period_start,
    coalesce(counts.active_users, 0) as active_users,
    coalesce(counts.new_users, 0) as new_users,
    coalesce(counts.returning_users, 0) as returning_users,
    coalesce(counts.resurrected_users, 0) as resurrected_users,
    case when periods.period_start + periods.days <= getvariable('as_of_end') then coalesce(dormant.users, 0) end
        as dormant_users
from periods
left join counts using (period_type, period_start)
left join dormant using (period_type, period_start);

create table by_hand.product_daily as
with days as (
    select unnest(generate_series(min(event_date), getvariable('as_of_end')::date - 1, interval '1 day'))::date as date
    from events
),

users as (
    select
        user_days.date + places.place::integer as date,
        count(*) filter (places.place = 0) as dau,
        count(distinct user_days.user_id) filter (places.place < 7) as wau,
        count(distinct user_days.user_id) as mau
    from user_days
    cross join range(30) as places (place)
    group by all
),

started as (
    select
        started_at::date as date,
        count(*) as sessions,
        count(*) filter (event_count = 1) as bounced_sessions,
        median(duration_ms) as median_session_ms
    from by_hand.analytics_sessions
    group by all
),

counted as (
    select event_date as date, count(*) as events from events group by all
)

select
    days.date,
    coalesce(users.dau, 0) as dau,
    coalesce(users.wau, 0) as wau,
    coalesce(users.mau, 0) as mau,
    users.dau / users.mau as stickiness,
    coalesce(started.sessions, 0) as sessions,
    coalesce(started.bounced_sessions, 0) as bounced_sessions,
    started.bounced_sessions / started.sessions as bounce_rate,
    started.median_session_ms,
    coalesce(counted.events, 0) as events
from days
left join users using (date)
left join started using (date)
left join counted using (date);

create table by_hand.page_flows as
with steps as (
    select
        actor, session_id, session_number, event_date, page,
        lag(page) over (partition by actor, session_id, session_number order by timestamp, id) as from_page
    from events
    where actor is not null and page is not null
)

select
    event_date as date,
    from_page,
    page as to_page,
    count(*) as transitions,
    count(distinct (actor, session_id, session_number)) as sessions
from steps
where from_page <> page
group by all;

create table by_hand.product_by_release as
with counted as (
    select
        app_version,
        min(started_at)::date as first_date,
        max(started_at)::date as last_date,
        count(*) as n,
        count(*) filter (event_count = 1) as bounce_rate,
        count(*) filter (pages >= 2) as multi_page_rate,
        count(*) filter (user_id is not null) as known_user_rate
    from sessions
    where app_version <> 'mixed'
    group by app_version
),

trials as (
    unpivot counted on bounce_rate, multi_page_rate, known_user_rate into name kpi value successes
)

select
    app_version, kpi, first_date, last_date, n, successes,
    successes / n as rate,
    case when successes = 0 then 0 else (successes + 1.9207294103470984 - 1.959963984540054 * sqrt(successes * (n - successes) / n + 0.9603647051735492))
    / (n + 3.841458820694197) end as wilson_lower,
    (successes + 1.9207294103470984 + 1.959963984540054 * sqrt(successes * (n - successes) / n + 0.9603647051735492))
    / (n + 3.841458820694197) as wilson_upper,
    case when n < 30 then 'too few' else 'enough' end as sample_verdict
from trials;

-- The five steps, each found from the one before.
create temp table funnel_entries as
with steps as (
    select
        *,
        $next_places
    from (
        select
            id, actor, user_id, nullif(session_id, '') as session_id, timestamp, event_name,
            row_number() over (partition by actor order by timestamp, id) as place
        from events
        where actor is not null and event_name in ($names)
    ) as numbered
    window later as (partition by actor order by place rows between 1 following and unbounded following)
)

select
    one.id as event_id,
    one.actor,
    one.user_id,
    one.session_id,
    one.timestamp as started_at,
    [one.timestamp, two.timestamp, three.timestamp, four.timestamp, five.timestamp] as instants,
    1 + (two.id is not null)::bigint + (three.id is not null)::bigint + (four.id is not null)::bigint
    + (five.id is not null)::bigint as current_step
from steps as one
$step_joins
where one.event_name = 'mission_created';

create table by_hand.funnel_conversions as
select
    md5('plan' || chr(31) || event_id) as id,
    'plan' as funnel_id,
    user_id,
    session_id,
    started_at,
    instants[5] as completed_at,
    current_step,
    current_step = 5 as completed,
    '[' || list_aggregate(
        list_transform(instants[:current_step], lambda instant: strftime(instant, '"%Y-%m-%dT%H:%M:%S.%fZ"')),
        'string_agg', ','
    ) || ']' as step_timestamps
from funnel_entries;

create table by_hand.funnel_summary as
with actors as (
    select *, started_at::date as entry_date, started_at + interval '7 days' >= getvariable('as_of_end') as is_open
    from funnel_entries
    qualify row_number() over (
        partition by actor, started_at::date order by current_step desc, started_at, event_id
    ) = 1
)

select
    'plan' as funnel_id,
    steps.step,
    [$names][steps.step] as event_name,
    actors.entry_date,
    count(*) as entered,
    count(*) filter (actors.current_step >= steps.step) as reached,
    count(*) filter (actors.current_step > steps.step or actors.current_step = 5) as converted,
    count(*) filter (actors.current_step = steps.step and steps.step < 5 and not actors.is_open) as dropped,
    count(*) filter (actors.current_step = steps.step and steps.step < 5 and actors.is_open) as open,
    median(epoch_us(actors.instants[steps.step]) - epoch_us(actors.instants[steps.step - 1])) / 1e6 as median_seconds
from actors
cross join range(1, 6) as steps (step)
group by all;

create table by_hand.dashboard_metrics as
with starts as (
    select
        period,
        last_date,
        date_trunc(period, last_date)::date as start_date,
        date_trunc(period, date_trunc(period, last_date) - interval '1 day')::date as start_before
    from (
        select unnest(['day', 'week', 'month']) as period, getvariable('as_of_end')::date - 1 as last_date
    ) as periods
),

spans as (
    select period, 'current' as span, start_date as first_date, last_date from starts
    union all
    select
        period, 'previous', start_before,
        least(start_before + (last_date - start_date)::integer, start_date - 1)
    from starts
),

widgets as (
    select widgets.*, spans.* exclude (period)
    from reference_product.product_widgets as widgets
    inner join spans using (period)
),

of_metrics as (
    select
        widgets.widget_id,
        widgets.span,
        case widgets.aggregation
            when 'count' then coalesce(sum(histograms.value_count), 0)::double
            when 'sum' then coalesce(sum(histograms.value_sum), 0)::double
            when 'avg' then (sum(histograms.value_sum) / sum(histograms.value_count))::double
            when 'min' then min(histograms.min_value)
            when 'max' then max(histograms.max_value)
        end as value
    from widgets
    left join by_hand.metric_histograms as histograms
        on widgets.metric_key = histograms.name and histograms.metric_date between widgets.first_date and widgets.last_date
    where widgets.source = 'metric' and widgets.aggregation not like 'p%'
    group by widgets.widget_id, widgets.span, widgets.aggregation
),

buckets as (
    select
        widgets.widget_id,
        widgets.span,
        sum(histograms.value_count) over bucket_order as values_through,
        (sum(histograms.value_count) over (partition by widgets.widget_id, widgets.span) - 1)
        * (widgets.aggregation[2:]::double / 100) as place,
        histograms.value
    from widgets
    inner join (
        select
            widgets.widget_id,
            widgets.span,
            histograms.bucket,
            sum(histograms.value_count) as value_count,
            greatest(min(histograms.min_value), least(max(histograms.max_value), case histograms.bucket when 0 then 0 else
                sign(histograms.bucket) * pow(2, (abs(histograms.bucket) - 1) // 64 - 40)
                * (1 + (2 * ((abs(histograms.bucket) - 1) % 64) + 1) / 128)
            end)) as value
        from widgets
        inner join by_hand.metric_histograms as histograms
            on
                widgets.metric_key = histograms.name
                and histograms.metric_date between widgets.first_date and widgets.last_date
        where widgets.source = 'metric' and widgets.aggregation like 'p%'
        group by widgets.widget_id, widgets.span, histograms.bucket
    ) as histograms using (widget_id, span)
    window bucket_order as (partition by widgets.widget_id, widgets.span order by histograms.bucket)
),

of_percentiles as (
    select widget_id, span, lower + (upper - lower) * (last_place - floor(last_place)) as value
    from (
        select
            widget_id,
            span,
            max(place) as last_place,
            min(value) filter (values_through > floor(place)) as lower,
            coalesce(min(value) filter (values_through > floor(place) + 1), max(value)) as upper
        from buckets
        group by all
    ) as neighbours
),

of_events as (
    select widgets.widget_id, widgets.span, count(events.id)::double as value
    from widgets
    left join events
        on widgets.metric_key = events.event_name and events.event_date between widgets.first_date and widgets.last_date
    where widgets.source = 'event'
    group by widgets.widget_id, widgets.span
),

days as (
    unpivot (
        select date, dau::double as dau, bounced_sessions::double as bounce_rate, sessions::double as sessions, events::double as events
        from by_hand.product_daily
    ) on dau, bounce_rate, sessions, events into name metric_key value amount
),

of_days as (
    select
        widgets.widget_id,
        widgets.span,
        case widgets.aggregation
            when 'sum' then coalesce(sum(days.amount), 0)
            when 'max' then max(days.amount)
            when 'avg' then
                sum(days.amount) / case widgets.metric_key when 'bounce_rate' then sum(daily.sessions) else count(days.date) end
        end as value
    from widgets
    left join days on widgets.metric_key = days.metric_key and days.date between widgets.first_date and widgets.last_date
    left join by_hand.product_daily as daily on days.date = daily.date
    where widgets.source = 'product_daily'
    group by widgets.widget_id, widgets.span, widgets.aggregation, widgets.metric_key
),

compared as (
    select
        widgets.widget_id,
        widgets.metric_key,
        max(shown.value) filter (widgets.span = 'current') as value,
        max(shown.value) filter (widgets.span = 'previous') as previous_value
    from widgets
    left join (
        from of_metrics
        union all
        from of_percentiles
        union all
        from of_events
        union all
        from of_days
    ) as shown using (widget_id, span)
    group by widgets.widget_id, widgets.metric_key
)

select
    md5(widget_id || chr(31) || metric_key) as id,
    widget_id,
    metric_key,
    value,
    previous_value,
    case when value = previous_value then 0 else 100 * (value - previous_value) / nullif(abs(previous_value), 0) end
        as change_percent,
    getvariable('as_of_end')::timestamp as updated_at
from compared
where value is not null;
