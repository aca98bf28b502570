-- Use of every feature, from what the events of a day say, each different answer once and weighed by how often it was
-- given.
with answers as (
    select
        events.event_date,
        events.event_name,
        events.user_id,
        cast(events.properties as text) as properties,
        count(*) as events
    from {{ tested_rows(ref('int_product__events'), 'product_date', 'event_date') }} as events
    where
        events.is_counted
        and events.event_name in (select features.event_name from {{ ref('product_features') }} as features)
    group by events.event_date, events.event_name, events.user_id, cast(events.properties as text)
),

said as (
    select
        answers.*,
        features.feature_name,
        features.success_value,
        {{ json_text_of_key('cast(answers.properties as json)', 'features.success_property') }} as success_text,
        {{ number_of_text(json_text_of_key('cast(answers.properties as json)', 'features.duration_property')) }}
            as duration_ms
    from answers
    inner join {{ ref('product_features') }} as features on answers.event_name = features.event_name
),

weighed as (
    select
        *,
        case when duration_ms >= 0 and duration_ms <= {{ 366 * 86400000 }} then events end as timed_events,
        case when success_text is not null and success_value is not null then events end as judged_events,
        case
            when
                success_text = success_value
                or {{ number_of_text('success_text') }} = {{ number_of_text('success_value') }}
                then events
            else 0
        end as successes
    from said
),

expected as (
    select
        feature_name,
        event_date as date,
        md5(feature_name || chr(31) || cast(event_date as text)) as id,
        sum(events) as usage_count,
        count(distinct user_id) as unique_users,
        sum(duration_ms * timed_events) / sum(timed_events) as avg_duration_ms,
        cast(sum(successes) as float8) / sum(judged_events) as success_rate
    from weighed
    group by feature_name, event_date
),

actual as (
    select features.* from {{ tested_rows(ref('feature_usage')) }} as features
)

{{ reconciled(
    'feature_usage', 'expected', 'actual', ['feature_name', 'date'], ['id', 'usage_count', 'unique_users'],
    {'avg_duration_ms': '1e-3', 'success_rate': '1e-9'}
) }}
