-- One row per widget with a value: the period that holds the last complete day, against as many days of the one before.
{% set quantiles = {'p50': '0.5', 'p90': '0.9', 'p99': '0.99'} %}
with widgets as (
    select * from {{ ref('product_widgets') }}
),

spans as (
    {{ dashboard_spans() }}
),

histograms as (
    select histograms.*
    from {{ ref('metric_histograms') }} as histograms
    where
        histograms.metric_date >= (select min(spans.first_date) from spans)
        and histograms.name in (
            select widgets.metric_key
            from widgets
            where widgets.source = 'metric'
        )
),

events as (
    select events.*
    from {{ ref('int_product__events') }} as events
    where
        events.is_counted
        and events.event_date >= (select min(spans.first_date) from spans)
        and events.event_name in (
            select widgets.metric_key
            from widgets
            where widgets.source = 'event'
        )
),

parts as (
    {{ dashboard_parts('histograms', ref('product_daily'), 'events') }}
),

-- nothing is compared with the time before the first record of all
first_days as (
    {{ dashboard_first_days(ref('metric_histograms'), ref('product_daily'), ref('int_product__events')) }}
),

widget_spans as (
    select
        widgets.*,
        spans.span,
        spans.first_date,
        spans.last_date
    from widgets
    inner join spans on widgets.period = spans.period
    inner join first_days on widgets.source = first_days.source and spans.last_date >= first_days.first_date
),

buckets as (
    select
        widget_spans.widget_id,
        widget_spans.metric_key,
        widget_spans.span,
        histograms.bucket,
        sum(histograms.value_count) as value_count,
        min(histograms.min_value) as min_value,
        max(histograms.max_value) as max_value
    from widget_spans
    inner join histograms
        on
            widget_spans.metric_key = histograms.name
            and histograms.metric_date between widget_spans.first_date and widget_spans.last_date
    where widget_spans.source = 'metric' and widget_spans.aggregation like 'p%'
    group by widget_spans.widget_id, widget_spans.metric_key, widget_spans.span, histograms.bucket
),

percentiles as (
    {{ merged_percentiles('buckets', quantiles, ['widget_id', 'metric_key', 'span']) }}
),

totals as (
    select
        widget_spans.widget_id,
        widget_spans.metric_key,
        widget_spans.aggregation,
        widget_spans.span,
        widget_spans.last_date,
        {{ double_of_decimal('sum(parts.amount)') }} as amount,
        cast(sum(parts.weight) as float8) as weight,
        min(parts.min_value) as min_value,
        max(parts.max_value) as max_value,
        sum(parts.counters) as counters
    from widget_spans
    left join parts
        on
            widget_spans.source = parts.source
            and widget_spans.metric_key = parts.metric_key
            and parts.date between widget_spans.first_date and widget_spans.last_date
    group by
        widget_spans.widget_id,
        widget_spans.metric_key,
        widget_spans.aggregation,
        widget_spans.span,
        widget_spans.last_date
),

span_values as (
    select
        totals.*,
        case totals.aggregation
            when 'count' then coalesce(totals.weight, 0)
            when 'sum' then coalesce(totals.amount, 0)
            when 'avg' then {{ safe_ratio('totals.amount', 'totals.weight') }}
            when 'min' then totals.min_value
            when 'max' then totals.max_value
            {%- for percentile in quantiles %}
            when '{{ percentile }}' then case when totals.counters = 0 then percentiles.{{ percentile }} end
            {%- endfor %}
        end as span_value
    from totals
    left join percentiles
        on
            totals.widget_id = percentiles.widget_id
            and totals.metric_key = percentiles.metric_key
            and totals.span = percentiles.span
),

compared as (
    select
        widget_id,
        metric_key,
        max(case when span = 'current' then span_value end) as value,
        max(case when span = 'previous' then span_value end) as previous_value,
        max(last_date) as last_date
    from span_values
    group by widget_id, metric_key
)

select  -- noqa: ST06
    md5(concat_ws(chr(31), widget_id, metric_key)) as id,
    widget_id,
    metric_key,
    value,
    previous_value,
    case
        when value = previous_value then 0
        when abs(previous_value) >= cast('1e-290' as float8)
            then 100 * (value - previous_value) / abs(previous_value)
    end as change_percent,
    cast({{ add_days('last_date', 1) }} as timestamp) as updated_at
from compared
where value is not null
