{% macro wait_for_other_writers() -%}
    {{ adapter.dispatch('wait_for_other_writers', 'strata')() }}
{%- endmacro %}

{% macro default__wait_for_other_writers() -%}
{%- endmacro %}

{#- The door takes the same lock when it makes tables or numbers a batch. -#}
{% macro postgres__wait_for_other_writers() -%}
    select pg_advisory_xact_lock(7201100);
{%- endmacro %}
