{% macro is_touched__chain_learner(alias, date_column, batches) -%}
    {#- Wider than chain_from, and cheap to find where chains are not known yet: the learners, from the first day on. -#}
    {%- set dates = dates_of(
        'select min(cast(from_at as date)) from ' ~ touched_chains(batches) ~ ' as touched having count(*) > 0'
    ) -%}
    (
        {{ alias }}.{{ date_column }} >= cast('{{ dates[0] if dates else '9999-12-31' }}' as date)
        and {{ alias }}.learner_id in (select touched.learner_id from {{ touched_chains(batches) }} as touched)
    )
{%- endmacro %}
