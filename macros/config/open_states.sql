{#- A node that runs counts as cut off until the run has ended. `strata build` has recorded its inputs before. When
    dbt runs alone, the recorded inputs of a node are kept only where the project is the one that strata ran last. -#}
{% macro open_states() -%}
    {%- if execute and flags.WHICH in ['build', 'run', 'seed', 'test', 'snapshot'] -%}
        {%- set states = source('ops', 'node_states') -%}
        {%- set now_is = project_digest() -%}
        {%- set is_known = true -%}
        {%- if env_var('STRATA_KEEPS_STATES', '') %}
        delete from {{ states }} where unique_id = 'project';
        insert into {{ states }} (unique_id, inputs, batch_id, as_of, status, updated_at)
        values ('project', '{{ now_is }}', 0, null, 'done', timezone('UTC', now()));
        {%- else -%}
            {%- set before = run_query('select inputs from ' ~ states ~ " where unique_id = 'project'").columns[0].values() -%}
            {%- set is_known = before | list == [now_is] -%}
        {%- endif %}
        update {{ states }}
        set
            status = 'running',
            {%- if not is_known %}
            inputs = '',
            {%- endif %}
            updated_at = timezone('UTC', now())
        where unique_id in ('{{ selected_resources | join("', '") }}');
    {%- endif -%}
{%- endmacro %}
