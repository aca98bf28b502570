{% macro funnel_windows() -%}
    (select distinct funnel_id, window_seconds from {{ area_relation('int_product__funnel_steps') }})
{%- endmacro %}
