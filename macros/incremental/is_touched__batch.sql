{% macro is_touched__batch(alias, batch_column, batches) -%}
    ({{ alias }}.{{ batch_column }} > {{ batches.low }} and {{ alias }}.{{ batch_column }} <= {{ batches.high }})
{%- endmacro %}
