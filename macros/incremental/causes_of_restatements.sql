{% macro causes_of_restatements(batches) -%}
    {#- restate.by may be empty: a record of anybody can change a sum over people, from the day of that record on. -#}
    {%- set restate = model.config.meta.restate -%}
    {%- set columns = restate.get('by', []) | list -%}
    select
        {%- for column in columns %}
        {{ column }},
        {%- endfor %}
        {%- if restate.from %}
        {{ restate.from }} as changed_from,
        {%- endif %}
        max(batch_id) as batch_id
    from {{ area_relation(restate.work_list) }}
    where
        {%- if not backfill_range() %}
        batch_id > {{ batches.low }} and
        {%- endif %}
        batch_id <= {{ batches.high }}
    {%- if columns or restate.from %}
    group by {{ (columns + ([restate.from] if restate.from else [])) | join(', ') }}
    {%- endif %}
{%- endmacro %}
