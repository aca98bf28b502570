{% macro process_name() -%}
    {{ adapter.dispatch('process_name', 'strata')() }}
{%- endmacro %}

{% macro default__process_name() -%}
    'the process that has the file open'
{%- endmacro %}

{% macro postgres__process_name() -%}
    current_setting('application_name')
{%- endmacro %}
