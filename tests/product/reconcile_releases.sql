-- Which version each session is of, and how versions compare: by the sessions whose events name that version and no
-- other. The sessions are those of int_product__sessions, found by their time. The interval is Wilson's as the textbook
-- writes it, around the middle of the rate and a half.
{% set z = wilson_z() %}
with sessions as (
    select
        sessions.id,
        sessions.event_count,
        sessions.user_id,
        cast(min(events.timestamp) as date) as started_date,
        min(events.app_version) as first_version,
        count(distinct events.app_version) as versions,
        count(distinct nullif(regexp_replace(events.page_url, '[?#].*$', ''), '')) as pages
    from {{ ref('int_product__sessions') }} as sessions
    inner join {{ ref('int_product__events') }} as events
        on
            sessions.actor = events.actor
            and sessions.session_id = coalesce(events.session_id, '')
            and sessions.started_at <= events.timestamp
            and sessions.ended_at >= events.timestamp
    where events.is_counted
    group by sessions.id, sessions.event_count, sessions.user_id
),

expected_sessions as (
    select
        *,
        case when versions > 1 then 'mixed' else first_version end as app_version
    from sessions
),

counted as (
    select
        first_version as app_version,
        min(started_date) as first_date,
        max(started_date) as last_date,
        count(*) as n,
        sum(case when event_count = 1 then 1 else 0 end) as bounce_rate,
        sum(case when pages >= 2 then 1 else 0 end) as multi_page_rate,
        count(user_id) as known_user_rate
    from sessions
    where
        versions = 1
        and started_date <= (select max(shown.last_date) from {{ ref('product_by_release') }} as shown)
    group by first_version
),

trials as (
    {%- for kpi in ['bounce_rate', 'multi_page_rate', 'known_user_rate'] %}
    select
        app_version,
        '{{ kpi }}' as kpi,
        first_date,
        last_date,
        n,
        {{ kpi }} as successes,
        {{ kpi }} / cast(n as float8) as rate
    from counted
    {{ 'union all' if not loop.last }}
    {%- endfor %}
),

with_middles as (
    select
        *,
        case when n >= {{ var('min_sample') | int }} then 'enough' else 'too few' end as sample_verdict,
        (rate + {{ z }} * {{ z }} / (2 * n)) / (1 + {{ z }} * {{ z }} / n) as middle,
        {{ z }} * sqrt(rate * (1 - rate) / n + {{ z }} * {{ z }} / (4.0 * n * n)) / (1 + {{ z }} * {{ z }} / n) as half
    from trials
),

expected as (
    select
        *,
        middle - half as wilson_lower,
        middle + half as wilson_upper
    from with_middles
)

select
    relation,
    app_version as id,
    kpi as part,
    finding
from (
    {{ reconciled(
        'product_by_release', 'expected', ref('product_by_release'), ['app_version', 'kpi'],
        ['first_date', 'last_date', 'n', 'successes', 'sample_verdict'],
        {'rate': '1e-9', 'wilson_lower': '1e-9', 'wilson_upper': '1e-9'}
    ) }}
) as releases_found
union all
select
    relation,
    id,
    '' as part,
    finding
from (
    {{ reconciled(
        'int_product__sessions', 'expected_sessions', ref('int_product__sessions'), ['id'],
        ['started_date', 'app_version', 'pages']
    ) }}
) as sessions_found
