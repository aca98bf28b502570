{% macro close_job(results) -%}
    {%- if execute -%}
        {%- set found = namespace(failed_rows=0, bad=none) -%}
        {%- set built = [] -%}
        {%- for result in results -%}
            {%- set node = result.node -%}
            {%- if result.status == 'success' and node.resource_type == 'model'
                and node.config.materialized == 'incremental' -%}
                {%- do built.append((node.schema ~ '.' ~ node.alias, node.fqn[1])) -%}
            {%- endif -%}
            {%- if node.resource_type == 'test' -%}
                {%- set found.failed_rows = found.failed_rows + (result.failures or 0) -%}
            {%- endif -%}
            {%- if result.status in ['error', 'fail', 'runtime error'] and not found.bad -%}
                {%- set found.bad = result -%}
            {%- endif -%}
        {%- endfor -%}
        {#- Only the name of a failed node: an engine's message may quote a record. -#}
        {%- set message = found.bad.status ~ ' in ' ~ found.bad.node.resource_type ~ ' ' ~ found.bad.node.name if found.bad -%}
        update {{ source('ops', 'jobs') }}
        set
            status = '{{ 'failed' if found.bad else 'completed' }}',
            completed_at = timezone('UTC', now()),
            records_processed = {{ taken_in('records_loaded', built) }},
            records_failed = {{ found.failed_rows }},
            bytes_processed = {{ taken_in('file_bytes', built) }},
            error_message = {{ "'" ~ (message | replace("'", "''")) ~ "'" if found.bad else 'null' }},
            updated_at = timezone('UTC', now())
        where job_id = '{{ invocation_id }}';
    {%- endif -%}
{%- endmacro %}
