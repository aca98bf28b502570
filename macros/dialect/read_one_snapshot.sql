{% macro read_one_snapshot() -%}
    {%- do adapter.dispatch('read_one_snapshot', 'strata')() -%}
{%- endmacro %}

{% macro default__read_one_snapshot() -%}
{%- endmacro %}

{#- LOCK TABLE takes no snapshot: a run that waited for it sees what the other has committed, and has nothing left to
    do. Readers do not wait for the lock. The server checks whether its client lives, and so ends what a killed
    client left running. -#}
{% macro postgres__read_one_snapshot() -%}
    {%- call statement('read_one_snapshot', auto_begin=true) -%}
        set transaction isolation level repeatable read;
        set local client_connection_check_interval = '2s';
        {%- if is_incremental() %}
        lock table {{ this }} in share row exclusive mode
        {%- endif -%}
    {%- endcall -%}
{%- endmacro %}
