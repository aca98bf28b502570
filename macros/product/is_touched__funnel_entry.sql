{#- An event changes the entries of its actor from one window before it to itself. -#}
{% macro is_touched__funnel_entry(alias, column, batches) -%}
    (
        {{ is_of_touched_funnel(alias, batches) }}
        or (
            {{ alias }}.{{ column }} >= {{ first_funnel_date(batches) }}
            and exists (
                select 1
                from {{ days_within_windows('actor_day', batches) }} as days
                where
                    days.actor = {{ alias }}.actor
                    and days.funnel_id = {{ alias }}.funnel_id
                    and {{ alias }}.{{ column }} between days.first_date and days.event_date
            )
        )
    )
{%- endmacro %}
