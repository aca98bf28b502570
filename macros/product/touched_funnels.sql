{#- A name passes from one funnel to another, so a record touches all funnels that ever had a name of its funnel. -#}
{% macro touched_funnels(batches) -%}
    {%- if backfill_range() -%}
        {%- do return([]) -%}
    {%- endif -%}
    {%- set records = source('product', 'funnels') -%}
    {%- set found -%}
        select distinct others.id
        from {{ records }} as arrivals
        inner join {{ records }} as versions on arrivals.id = versions.id
        inner join {{ records }} as others on versions.name = others.name
        where {{ is_touched__batch('arrivals', '_batch_id', batches) }}
    {%- endset -%}
    {%- do return(run_query(found).columns[0].values() | list) -%}
{%- endmacro %}
