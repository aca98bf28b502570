-- One row per feature and UTC date on which it was used.
-- depends_on: {{ ref('int_product__touched_sessions') }}
with events as (
    select events.* from {{ ref('int_product__events') }} as events
    where events.is_counted and {{ is_touched('product_date', 'events', 'event_date') }}
),

uses as (
    select
        features.feature_name,
        events.event_date,
        events.user_id,
        features.success_value,
        {{ json_text_of_key('events.properties', 'features.success_property') }} as said_success,
        {{ number_of_text(json_text_of_key('events.properties', 'features.duration_property')) }} as said_duration_ms
    from events
    inner join {{ ref('product_features') }} as features on events.event_name = features.event_name
),

judged as (
    select
        *,
        coalesce(
            {{ number_of_text('said_success') }} = {{ number_of_text('success_value') }}, said_success = success_value
        )
            as is_success,
        -- whole microseconds, so that the order of a sum does not show
        case
            when said_duration_ms between 0 and {{ 366 * 24 * 3600 * 1000 }}
                then cast(floor(said_duration_ms * 1000 + 0.5) as bigint)
        end as duration_microseconds
    from uses
)

select
    {{ key_digest(['feature_name', 'event_date']) }} as id,
    feature_name,
    event_date as date,
    count(*) as usage_count,
    count(distinct user_id) as unique_users,
    {{ safe_ratio('sum(duration_microseconds)', '1000 * count(duration_microseconds)') }} as avg_duration_ms,
    {{ safe_ratio('count(case when is_success then 1 end)', 'count(is_success)') }} as success_rate
from judged
group by feature_name, event_date
