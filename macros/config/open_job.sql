{#- A job that the table calls running and that no living process works on was killed. The next run records that. -#}
{% macro open_job() -%}
    {%- if execute -%}
        {%- set kind = 'dbt ' ~ flags.WHICH -%}
        update {{ source('ops', 'jobs') }}
        set
            status = 'failed',
            error_message = 'The process ended without reporting a result; it was killed, or its machine stopped.',
            completed_at = timezone('UTC', now()),
            updated_at = timezone('UTC', now())
        where status = 'running' and process not in ({{ living_processes() }});
        insert into {{ source('ops', 'jobs') }} (
            job_id, job_type, status, process, started_at, retry_count, updated_at
        )
        select
            '{{ invocation_id }}',
            '{{ kind }}',
            'running',
            {{ process_name() }},
            {{ run_instant() }},
            (
                select count(*)
                from {{ source('ops', 'jobs') }} as failed
                where
                    failed.job_type = '{{ kind }}'
                    and failed.status = 'failed'
                    and failed.started_at > coalesce(
                        (
                            select max(completed.started_at)
                            from {{ source('ops', 'jobs') }} as completed
                            where completed.job_type = '{{ kind }}' and completed.status = 'completed'
                        ),
                        cast('1970-01-01' as timestamp)
                    )
            ),
            timezone('UTC', now());
    {%- endif -%}
{%- endmacro %}
