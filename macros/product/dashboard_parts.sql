{#- Rates are in parts, so that the rate of several days comes from their sums. -#}
{% macro dashboard_parts(histograms, daily, events) -%}
    {%- set of_days = {
        'dau': ['dau', '1'], 'wau': ['wau', '1'], 'mau': ['mau', '1'], 'stickiness': ['dau', 'mau'],
        'sessions': ['sessions', '1'], 'bounce_rate': ['bounced_sessions', 'sessions'], 'events': ['events', '1'],
    } %}
    select
        'metric' as source,
        name as metric_key,
        metric_date as date,
        sum(value_sum) as amount,
        cast(sum(value_count) as bigint) as weight,
        min(min_value) as min_value,
        max(max_value) as max_value,
        cast(sum(counter_count) as bigint) as counters
    from {{ histograms }}
    group by name, metric_date
    union all
    select
        'event' as source,
        event_name as metric_key,
        event_date as date,
        cast(count(*) as numeric(38, 12)) as amount,
        count(*) as weight,
        cast(null as float8) as min_value,
        cast(null as float8) as max_value,
        0 as counters
    from {{ events }}
    group by event_name, event_date
    {%- for column, parts in of_days.items() %}
    union all
    select
        'product_daily' as source,
        '{{ column }}' as metric_key,
        date,
        cast({{ parts[0] }} as numeric(38, 12)) as amount,
        cast({{ parts[1] }} as bigint) as weight,
        cast({{ column }} as float8) as min_value,
        cast({{ column }} as float8) as max_value,
        0 as counters
    from {{ daily }}
    {%- endfor %}
{%- endmacro %}
