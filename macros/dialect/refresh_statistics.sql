{% macro refresh_statistics() -%}
    {%- if execute and model.config.materialized == 'incremental' -%}
        {{ adapter.dispatch('refresh_statistics', 'strata')() }}
    {%- endif -%}
{%- endmacro %}

{% macro default__refresh_statistics() -%}
{%- endmacro %}

{#- The server would do this by itself a minute later, and the models downstream would run on guesses until then. It
    reads a sample of fixed size, however long the table is. -#}
{% macro postgres__refresh_statistics() -%}
    analyze {{ this }}
{%- endmacro %}
