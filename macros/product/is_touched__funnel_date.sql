{#- Days whose entries are touched, those whose windows are open, and those whose windows were open at the last run. -#}
{% macro is_touched__funnel_date(alias, column, batches) -%}
    (
        {{ is_of_touched_funnel(alias, batches) }}
        or (
            {{ alias }}.{{ column }} >= {{ first_funnel_date(batches) }}
            and exists (
                select 1
                from {{ days_within_windows('product_date', batches) }} as days
                where
                    days.funnel_id = {{ alias }}.funnel_id
                    and {{ alias }}.{{ column }} between days.first_date and days.event_date
            )
        )
        or exists (
            select 1
            from {{ funnel_windows() }} as windows
            where
                windows.funnel_id = {{ alias }}.funnel_id
                and {{ alias }}.{{ column }}
                >= cast({{ as_of_end() }} - windows.window_seconds * interval '1 second' as date)
        )
        or ({{ alias }}.funnel_id, {{ alias }}.{{ column }}) in (
            select
                standing.funnel_id,
                standing.entry_date
            from {{ area_relation('funnel_summary') }} as standing
            where standing.open > 0
        )
    )
{%- endmacro %}
