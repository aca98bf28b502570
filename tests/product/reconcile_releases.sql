-- A version is compared by the sessions whose events name it and no other. The sessions are those of
-- int_product__sessions, found by their time.
with sessions as (
    select
        sessions.id,
        sessions.event_count,
        sessions.user_id,
        cast(sessions.started_at as date) as started_date,
        min(events.app_version) as app_version,
        count(distinct nullif(regexp_replace(events.page_url, '[?#].*$', ''), '')) as pages
    from {{ ref('int_product__sessions') }} as sessions
    inner join {{ ref('int_product__events') }} as events
        on
            sessions.actor = events.actor
            and sessions.session_id = coalesce(events.session_id, '')
            and sessions.started_at <= events.timestamp
            and sessions.ended_at >= events.timestamp
    where events.is_counted
    group by sessions.id, sessions.event_count, sessions.user_id, sessions.started_at
    having count(distinct events.app_version) = 1
),

counted as (
    select
        app_version,
        min(started_date) as first_date,
        max(started_date) as last_date,
        count(*) as n,
        sum(case when event_count = 1 then 1 else 0 end) as bounce_rate,
        sum(case when pages >= 2 then 1 else 0 end) as multi_page_rate,
        count(user_id) as known_user_rate
    from sessions
    where started_date <= (select max(shown.last_date) from {{ ref('product_by_release') }} as shown)
    group by app_version
),

expected as (
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
)

select
    relation,
    app_version,
    kpi,
    finding
from (
    {{ reconciled(
        'product_by_release', 'expected', ref('product_by_release'), ['app_version', 'kpi'],
        ['first_date', 'last_date', 'n', 'successes'], {'rate': '1e-9'}
    ) }}
) as found
union all
select
    'product_by_release' as relation,
    app_version,
    kpi,
    'interval or verdict' as finding
from {{ ref('product_by_release') }}
where
    wilson_lower is null
    or wilson_upper is null
    or wilson_lower > rate
    or wilson_upper < rate
    or wilson_upper <= wilson_lower
    or sample_verdict is distinct from case when n >= {{ var('min_sample') | int }} then 'enough' else 'too few' end
