-- Use of every feature, counted from the events that the seed names, with what their properties say.
with events as (
    select events.* from {{ tested_rows(ref('int_product__events'), 'product_date', 'event_date') }} as events
    where events.is_counted
),

said as (
    select
        features.feature_name,
        features.success_value,
        events.event_date,
        events.event_id,
        events.user_id,
        {{ json_text_of_key('events.properties', 'features.success_property') }} as success_text,
        {{ number_of_text(json_text_of_key('events.properties', 'features.duration_property')) }} as duration_ms
    from events
    inner join {{ ref('product_features') }} as features on events.event_name = features.event_name
),

expected as (
    select
        feature_name,
        event_date as date,
        md5(feature_name || chr(31) || cast(event_date as text)) as id,
        sum(1) as usage_count,
        count(distinct user_id) as unique_users,
        avg(case when duration_ms >= 0 and duration_ms <= {{ 366 * 86400000 }} then duration_ms end) as avg_duration_ms,
        avg(
            case
                when
                    success_text = success_value
                    or {{ number_of_text('success_text') }} = {{ number_of_text('success_value') }}
                    then 1.0
                when success_text is not null and success_value is not null then 0.0
            end
        ) as success_rate
    from said
    group by feature_name, event_date
),

actual as (
    select features.* from {{ tested_rows(ref('feature_usage')) }} as features
)

{{ reconciled(
    'feature_usage', 'expected', 'actual', ['feature_name', 'date'], ['id', 'usage_count', 'unique_users'],
    {'avg_duration_ms': '1e-3', 'success_rate': '1e-9'}
) }}
