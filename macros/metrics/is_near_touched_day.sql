{% macro is_near_touched_day(date_column) -%}
    {%- if is_incremental() -%}
        {{ date_is_one_of(date_column, touched_dates(), margin_days=longest_window_days() - 1) }}
    {%- else -%}
        {{ date_column }} is not null
    {%- endif -%}
{%- endmacro %}
