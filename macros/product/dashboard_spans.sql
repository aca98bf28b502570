{#- The last complete day is the day before the instant as_of. -#}
{% macro dashboard_spans() -%}
    select
        starts.period,
        spans.span,
        case when spans.span = 'current' then starts.start_date else starts.start_before end as first_date,
        case
            when spans.span = 'current' then starts.last_date
            else least(
                starts.start_before + cast(starts.last_date - starts.start_date as integer),
                {{ add_days('starts.start_date', -1) }}
            )
        end as last_date
    from (
        select
            period,
            cast(before_as_of as date) as last_date,
            cast(date_trunc(period, before_as_of) as date) as start_date,
            cast(date_trunc(period, date_trunc(period, before_as_of) - interval '1 day') as date) as start_before
        from (
            select
                periods.period,
                {{ as_of_instant() }} - interval '1 day' as before_as_of
            from (values ('day'), ('week'), ('month')) as periods (period)
        ) as days
    ) as starts
    cross join (values ('current'), ('previous')) as spans (span)
{%- endmacro %}
