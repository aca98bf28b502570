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
        delete from {{ source('ops', 'checks') }} where test_id in ('{{ tests_of(area_of(model)) | join("', '") }}');
        {%- endif %}
    {%- endif -%}
{%- endmacro %}
