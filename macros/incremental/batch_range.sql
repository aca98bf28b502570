{% macro batch_range(recorded=false) -%}
    {%- if not execute -%}
        {%- do return({'low': 0, 'high': 0}) -%}
    {%- endif -%}
    {#- A model asks for it in every place that is limited to what is new; between its snapshot and its end it stays. -#}
    {%- set known = remembered('batches of ' ~ model.unique_id) -%}
    {%- if recorded not in known -%}
        {%- set name = this.schema ~ '.' ~ this.identifier -%}
        {%- do read_one_snapshot() -%}
        {%- call statement('batch_range', fetch_result=true, auto_begin=true) -%}
            {%- if recorded -%}
                select previous_batch_id, batch_id
                from {{ source('ops', 'watermarks') }}
                where model_name = '{{ name }}'
            {%- else -%}
                select
                    coalesce((select batch_id from {{ source('ops', 'watermarks') }} where model_name = '{{ name }}'), 0),
                    ({{ upstream_watermark() }})
            {%- endif -%}
        {%- endcall -%}
        {%- set row = load_result('batch_range').data[0] -%}
        {%- do known.update({recorded: {'low': row[0] | int, 'high': row[1] | int, 'of_model': name, 'recorded': recorded}}) -%}
    {%- endif -%}
    {%- do return(known[recorded]) -%}
{%- endmacro %}
