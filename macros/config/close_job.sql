{% macro close_job(results) -%}
    {%- if execute -%}
        {%- set found = namespace(failed_rows=0, rows=0, says_rows=false, bad=none) -%}
        {%- for result in results -%}
            {%- set rows = (result.adapter_response or {}).get('rows_affected') -%}
            {%- if result.node.resource_type == 'model' and rows is number and rows >= 0 -%}
                {%- set found.rows = found.rows + rows -%}
                {%- set found.says_rows = true -%}
            {%- endif -%}
            {%- if result.node.resource_type == 'test' -%}
                {%- set found.failed_rows = found.failed_rows + (result.failures or 0) -%}
            {%- endif -%}
            {%- if result.status in ['error', 'fail', 'runtime error'] and not found.bad -%}
                {%- set found.bad = result -%}
            {%- endif -%}
        {%- endfor -%}
        {#- Of a failed model its name: what an engine says may quote a record. -#}
        {%- set message = found.bad.status ~ ' in ' ~ found.bad.node.resource_type ~ ' ' ~ found.bad.node.name if found.bad -%}
        update {{ source('ops', 'jobs') }}
        set
            status = '{{ 'failed' if found.bad else 'completed' }}',
            completed_at = timezone('UTC', now()),
            records_processed = {{ found.rows if found.says_rows else 'null' }},
            records_failed = {{ found.failed_rows }},
            error_message = {{ "'" ~ (message | replace("'", "''")) ~ "'" if found.bad else 'null' }},
            updated_at = timezone('UTC', now())
        where job_id = '{{ invocation_id }}';
    {%- endif -%}
{%- endmacro %}
