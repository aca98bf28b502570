-- Every widget shows what the values, events and days of its period say, and of as many days of the period before.
with days as (
    select cast(max(dashboard.updated_at) as date) as end_date
    from {{ ref('dashboard_metrics') }} as dashboard
),

starts as (
    select
        widgets.*,
        days.end_date,
        cast(date_trunc(widgets.period, days.end_date - interval '1 day') as date) as start_date,
        cast(
            date_trunc(widgets.period, date_trunc(widgets.period, days.end_date - interval '1 day') - interval '1 day')
            as date
        ) as start_before
    from {{ ref('product_widgets') }} as widgets
    cross join days
),

spans as (
    select
        starts.*,
        true as is_current,
        starts.start_date as from_date,
        starts.end_date as to_date
    from starts
    union all
    select
        starts.*,
        false as is_current,
        starts.start_before as from_date,
        least(
            starts.start_before + cast(starts.end_date - starts.start_date as integer), starts.start_date
        ) as to_date
    from starts
),

numbers as (
    select
        'metric' as source,  -- noqa: RF04
        name as metric_key,
        cast(timestamp as date) as date,
        {{ decimal_of_double('value') }} as value,
        value as shown,
        1 as weight,
        metric_type = 'counter' as is_counter
    from {{ ref('metrics') }}
    union all
    select
        'event' as source,  -- noqa: RF04
        event_name as metric_key,
        event_date as date,
        cast(1 as numeric(38, 12)) as value,
        cast(1 as float8) as shown,
        1 as weight,
        false as is_counter
    from {{ ref('int_product__events') }}
    where is_counted
    {%- for column, parts in {
        'dau': ['dau', '1'], 'wau': ['wau', '1'], 'mau': ['mau', '1'], 'stickiness': ['dau', 'mau'],
        'sessions': ['sessions', '1'], 'bounce_rate': ['bounced_sessions', 'sessions'], 'events': ['events', '1']
    }.items() %}
    union all
    select
        'product_daily' as source,  -- noqa: RF04
        '{{ column }}' as metric_key,
        date,
        cast({{ parts[0] }} as numeric(38, 12)) as value,
        cast({{ column }} as float8) as shown,
        {{ parts[1] }} as weight,
        false as is_counter
    from {{ ref('product_daily') }}
    {%- endfor %}
),

begun as (
    select
        source,
        min(date) as first_date
    from numbers
    group by source
),

counted as (
    select
        spans.widget_id,
        spans.metric_key,
        spans.aggregation,
        spans.is_current,
        spans.end_date,
        coalesce(min(spans.to_date) > min(begun.first_date), false) as has_begun,
        {{ double_of_decimal('sum(numbers.value)') }} as total,
        cast(sum(numbers.weight) as float8) as weight,
        min(numbers.shown) as least_shown,
        max(numbers.shown) as greatest_shown,
        {%- for percentile in ['0.5', '0.9', '0.99'] %}
        percentile_cont({{ percentile }}) within group (order by numbers.shown) as p{{ percentile[2:] }},
        {%- endfor %}
        count(case when numbers.is_counter then 1 end) as counters
    from spans
    left join begun on spans.source = begun.source
    left join numbers
        on
            spans.source = numbers.source
            and spans.metric_key = numbers.metric_key
            and spans.from_date <= numbers.date
            and spans.to_date > numbers.date
    group by
        spans.widget_id, spans.metric_key, spans.aggregation, spans.is_current, spans.end_date, spans.source
),

span_values as (
    select
        counted.*,
        case
            when not counted.has_begun then null
            when counted.aggregation = 'count' then coalesce(counted.weight, 0)
            when counted.aggregation = 'sum' then coalesce(counted.total, 0)
            when counted.aggregation = 'avg' then counted.total / nullif(counted.weight, 0)
            when counted.aggregation = 'min' then counted.least_shown
            when counted.aggregation = 'max' then counted.greatest_shown
            when counted.counters > 0 then null
            when counted.aggregation = 'p50' then counted.p5
            when counted.aggregation = 'p90' then counted.p9
            when counted.aggregation = 'p99' then counted.p99
        end as span_value
    from counted
),

-- Between neighbours of opposite sign the error of a histogram is relative to them, not to the value.
bounded as (
    select
        span_values.*,
        1e-12 + case
            when span_values.aggregation not like 'p%' then 1e-9 * abs(span_values.span_value)
            when span_values.least_shown >= 0 or span_values.greatest_shown <= 0 then 0.01 * abs(span_values.span_value)
            else 0.01 * greatest(abs(span_values.least_shown), abs(span_values.greatest_shown))
        end as bound
    from span_values
),

expected as (
    select  -- noqa: ST06
        widget_id,
        metric_key,
        md5(widget_id || chr(31) || metric_key) as id,
        cast(end_date as timestamp) as updated_at,
        max(case when is_current then span_value end) as value,
        max(case when is_current then bound end) as value_bound,
        max(case when not is_current then span_value end) as previous_value,
        max(case when not is_current then bound end) as previous_bound
    from bounded
    group by widget_id, metric_key, end_date
),

published as (
    select * from expected
    where value is not null
),

compared as (
    select
        coalesce(expected.widget_id, actual.widget_id) as widget_id,
        case
            when actual.widget_id is null then 'the row is missing'
            when expected.widget_id is null then 'the row should not be there'
            when actual.id <> expected.id then 'id'
            when actual.updated_at <> expected.updated_at then 'updated_at'
            when abs(actual.value - expected.value) > expected.value_bound then 'value'
            when
                (actual.previous_value is null) <> (expected.previous_value is null)
                or abs(actual.previous_value - expected.previous_value) > expected.previous_bound
                then 'previous_value'
            when
                coalesce(abs(
                    actual.change_percent / 100 * abs(actual.previous_value) - (actual.value - actual.previous_value)
                ) > 1e-9 * (abs(actual.value) + abs(actual.previous_value)), false)
                or (actual.change_percent is null)
                <> (
                    actual.previous_value is null
                    or (actual.previous_value = 0 and actual.value <> 0)
                )
                then 'change_percent'
        end as finding
    from published as expected
    full join {{ ref('dashboard_metrics') }} as actual
        on expected.widget_id = actual.widget_id and expected.metric_key = actual.metric_key
)

select
    widget_id,
    finding
from compared
where finding is not null
