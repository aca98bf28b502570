{% macro is_touched__lifecycle(alias, date_column, batches) -%}
    {#- The periods of the days on which somebody may have begun, before or after, or was active, and the next ones. -#}
    ({{ alias }}.period_type, {{ alias }}.{{ date_column }}) in (
        {%- for period_type, days in period_types().items() %}
        select
            '{{ period_type }}' as period_type,
            {{ add_days(period_start('touched.date', period_type), 'places.place * ' ~ days) }} as period_start
        from ({{ touched_first_dates(batches) | indent(8) }}) as touched
        cross join (values (0), (1)) as places (place)
        {{ 'union all' if not loop.last }}
        {%- endfor %}
    )
{%- endmacro %}
