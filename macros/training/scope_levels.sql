{#- The four levels of the organisation, widest first. -#}
{% macro scope_levels() -%}
    {{ return(['region', 'country', 'branch', 'team']) }}
{%- endmacro %}
