{% macro read_one_snapshot() -%}
    {%- do adapter.dispatch('read_one_snapshot', 'strata')() -%}
{%- endmacro %}

{% macro default__read_one_snapshot() -%}
{%- endmacro %}

{% macro postgres__read_one_snapshot() -%}
    {%- call statement('read_one_snapshot', auto_begin=true) -%}
        set transaction isolation level repeatable read
    {%- endcall -%}
{%- endmacro %}
