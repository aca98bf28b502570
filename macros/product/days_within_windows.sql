{% macro days_within_windows(kind, batches) -%}
    (
        select
            touched.*,
            windows.funnel_id,
            cast(touched.event_date - windows.window_seconds * interval '1 second' as date) as first_date
        from {{ touched_rows(kind, batches) }} as touched
        cross join {{ funnel_windows() }} as windows
    )
{%- endmacro %}
