{#- `dbt compile` and `dbt docs generate` render hooks without running them, so the table that an earlier hook makes
    may be missing. -#}
{% macro register_models() -%}
    {%- if execute and (source('ops', 'watermarks').schema ~ '.watermarks') in existing_relations() -%}
        {%- set names = [] -%}
        {%- for node in graph.nodes.values() -%}
            {%- if node.resource_type == 'model' and node.config.materialized == 'incremental' -%}
                {%- do names.append(node.schema ~ '.' ~ (node.alias or node.name)) -%}
            {%- endif -%}
        {%- endfor -%}
        {%- set known = run_query('select model_name from ' ~ source('ops', 'watermarks')).columns[0].values() -%}
        {%- if known | sort != names | sort -%}
        {{ wait_for_other_writers() }}
        delete from {{ source('ops', 'watermarks') }} where model_name not in ('{{ names | join("', '") }}');
        insert into {{ source('ops', 'watermarks') }} (model_name, batch_id, previous_batch_id, updated_at)
        select
            models.model_name,
            0,
            0,
            timezone('UTC', now())
        from (values {% for name in names %}('{{ name }}'){{ ', ' if not loop.last }}{% endfor %}) as models (model_name)
        where not exists (
            select 1 from {{ source('ops', 'watermarks') }} as known where known.model_name = models.model_name
        );
        {%- endif -%}
    {%- endif -%}
{%- endmacro %}
