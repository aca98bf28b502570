{% macro is_touched__session(alias, date_column, batches) -%}
    ({{ alias }}.learner_id, {{ alias }}.session_id) in (
        select
            touched.learner_id,
            touched.session_id
        from {{ touched_session_days(batches) }} as touched
    )
{%- endmacro %}
