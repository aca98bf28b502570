{% macro record_watermark() -%}
    {%- if execute and model.config.materialized == 'incremental' -%}
        {%- set name = this.schema ~ '.' ~ this.identifier -%}
        update {{ source('ops', 'watermarks') }}
        set
            previous_batch_id = batch_id,
            batch_id = ({{ upstream_watermark() }}),
            updated_at = timezone('UTC', now())
        where model_name = '{{ name }}';
        {%- if not is_incremental() %}
        delete from {{ source('ops', 'checks') }};
        {%- endif %}
        insert into {{ source('ops', 'watermarks') }} (model_name, batch_id, previous_batch_id, updated_at)
        select
            '{{ name }}',
            ({{ upstream_watermark() }}),
            0,
            timezone('UTC', now())
        where not exists (select 1 from {{ source('ops', 'watermarks') }} where model_name = '{{ name }}');
    {%- endif -%}
{%- endmacro %}
