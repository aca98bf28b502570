{% macro record_watermark() -%}
    {%- if execute and model.config.materialized == 'incremental' -%}
        update {{ source('ops', 'watermarks') }}
        set
            previous_batch_id = {{ 'batch_id' if is_incremental() else 0 }},
            {%- if not (is_incremental() and backfill_range()) %}
            batch_id = ({{ upstream_watermark() }}),
            {%- endif %}
            updated_at = timezone('UTC', now())
        where model_name = '{{ this.schema }}.{{ this.identifier }}';
        {%- if work_kind(model.config.meta.recompute_by).instants %}
        {{ record_horizon() }}
        {%- endif %}
        {%- if not is_incremental() %}
        {#- Tests of the area, and those of all areas, have not seen these rows. -#}
        {%- set tests = [] -%}
        {%- for node in graph.nodes.values()
            if node.resource_type == 'test' and (area_of(node) == area_of(model) or area_of(node) not in var('areas')) -%}
            {%- do tests.append(node.unique_id) -%}
        {%- endfor %}
        delete from {{ source('ops', 'checks') }} where test_id in ('{{ tests | join("', '") }}');
        {%- endif %}
    {%- endif -%}
{%- endmacro %}
