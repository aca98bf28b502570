{% macro is_touched__chain_from(alias, date_column, batches) -%}
    exists (
        select 1
        from {{ touched_chains(batches) }} as touched
        where
            touched.learner_id = {{ alias }}.learner_id
            and touched.content_type = {{ alias }}.content_type
            and touched.content_id = {{ alias }}.content_id
            and touched.from_at <= {{ alias }}.{{ date_column }}
    )
{%- endmacro %}
