{#- A backfill computes some rows with this as_of and leaves the others; if it is another one, the next run computes all. -#}
{% macro record_horizon() -%}
    {%- set horizons, name = source('ops', 'horizons'), this.schema ~ '.' ~ this.identifier -%}
    insert into {{ horizons }} (model_name, horizon, previous_horizon, updated_at)
    select '{{ name }}', null, null, timezone('UTC', now())
    where not exists (select 1 from {{ horizons }} as known where known.model_name = '{{ name }}');
    update {{ horizons }}
    set
        previous_horizon = {{ 'horizon' if is_incremental() else 'null' }},
        {%- if is_incremental() and backfill_range() %}
        horizon = case when horizon = {{ as_of_end() }} then horizon end,
        {%- else %}
        horizon = {{ as_of_end() }},
        {%- endif %}
        updated_at = timezone('UTC', now())
    where model_name = '{{ name }}';
{%- endmacro %}
