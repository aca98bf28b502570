{% macro is_touched__user(alias, date_column, batches) -%}
    {{ alias }}.user_id in (select touched.user_id from {{ touched_user_days(batches) }} as touched)
{%- endmacro %}
