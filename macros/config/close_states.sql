{% macro close_states(results) -%}
    {%- if execute and flags.WHICH in ['build', 'run', 'seed', 'test', 'snapshot'] -%}
        {%- set ended = {'done': [], 'failed': [], 'skipped': []} -%}
        {%- for result in results -%}
            {%- set status = 'done' if result.status in ['success', 'pass', 'warn']
                else 'skipped' if result.status == 'skipped' else 'failed' -%}
            {%- do ended[status].append(result.node.unique_id) -%}
        {%- endfor -%}
        {%- for status, nodes in ended.items() if nodes %}
        update {{ source('ops', 'node_states') }}
        set
            status = '{{ status }}',
            {%- if status == 'done' %}
            as_of = '{{ var("as_of", none) or "today " ~ run_started_at.strftime("%Y-%m-%d") }}',
            {%- endif %}
            updated_at = timezone('UTC', now())
        where unique_id in ('{{ nodes | join("', '") }}');
        {%- endfor -%}
    {%- endif -%}
{%- endmacro %}
