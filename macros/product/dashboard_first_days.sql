{% macro dashboard_first_days(histograms, daily, events) -%}
    select
        'metric' as source,
        min(metric_date) as first_date
    from {{ histograms }}
    union all
    select
        'event' as source,
        min(event_date) as first_date
    from {{ events }}
    where is_counted
    union all
    select
        'product_daily' as source,
        min(date) as first_date
    from {{ daily }}
{%- endmacro %}
