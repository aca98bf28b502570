{% macro refresh_statistics() -%}
    {%- if execute and model.config.materialized == 'incremental' -%}
        {{ adapter.dispatch('refresh_statistics', 'strata')() }}
    {%- endif -%}
{%- endmacro %}

{% macro default__refresh_statistics() -%}
{%- endmacro %}

{#- The server does it by itself a minute later; by then the models downstream would have run on guesses. It reads a
    sample of fixed size, however long the table. -#}
{% macro postgres__refresh_statistics() -%}
    analyze {{ this }}
{%- endmacro %}
