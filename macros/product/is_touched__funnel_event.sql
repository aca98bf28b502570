{#- All events from one window before a touched day on, of its actor; of a touched funnel all events of all actors. -#}
{% macro is_touched__funnel_event(alias, column, batches) -%}
    {%- if touched_funnels(batches) -%}
        {{ alias }}.{{ column }} is not null
    {%- else -%}
        (
            {{ alias }}.{{ column }} >= {{ first_funnel_date(batches) }}
            and {{ alias }}.actor in (
                select touched.actor from {{ touched_rows('actor_day', batches) }} as touched
            )
        )
    {%- endif -%}
{%- endmacro %}
