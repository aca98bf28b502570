{% macro touched_event_dates(alias) -%}
    {#- Prunes a raw table to the UTC dates on which a touched local day can lie; local dates are at most a day off. -#}
    {%- if not (execute and is_incremental()) -%}
        true
    {%- else -%}
        {{ date_is_one_of(alias ~ '._event_date', touched_dates(), margin_days=1) }}
    {%- endif -%}
{%- endmacro %}
