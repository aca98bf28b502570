-- One row per version of the application and KPI: its rate over all sessions of the version up to var as_of, with the
-- interval in which it may lie; too few is said, not hidden.
{% set min_sample = var('min_sample') | int %}
with sessions as (
    select * from {{ ref('int_product__sessions') }}
    where app_version <> 'mixed' and started_date <= {{ as_of_date() }}
),

trials as (
    {% for kpi, success in [
        ('bounce_rate', 'event_count = 1'),
        ('multi_page_rate', 'pages >= 2'),
        ('known_user_rate', 'user_id is not null'),
    ] %}
    select
        app_version,
        '{{ kpi }}' as kpi,
        min(started_date) as first_date,
        max(started_date) as last_date,
        count(*) as n,
        count(case when {{ success }} then 1 end) as successes
    from sessions
    group by app_version
    {{ 'union all' if not loop.last }}
    {% endfor %}
)

select
    app_version,
    kpi,
    first_date,
    last_date,
    n,
    successes,
    {{ safe_ratio('successes', 'n') }} as rate,
    {{ wilson_lower('successes', 'n') }} as wilson_lower,
    {{ wilson_upper('successes', 'n') }} as wilson_upper,
    case when n < {{ min_sample }} then 'too few' else 'enough' end as sample_verdict
from trials
