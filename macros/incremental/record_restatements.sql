{#- Keeps the values that this run overwrites on frozen days (older than freeze_days), one row for each value that
    changes. It runs after the new rows are computed and before the old ones are deleted. -#}
{% macro record_restatements(target, computed, touched, batches) -%}
    {%- set restate = model.config.meta.restate -%}
    {%- set columns = restated_columns() -%}
    {%- set published = area_relation(restate.published) if restate.published else target -%}
    {%- set is_frozen = columns.day ~ ' < ' ~ add_days(as_of_date(), -1 * (var('freeze_days') | int)) -%}
    insert into {{ source('ops', 'restatements') }} (
        table_name, record_key, partition_date, column_name, old_value, new_value, batch_id, restated_at
    )
    with old_rows as (
        select {{ target.identifier }}.*
        from {{ target }}
        where {{ is_frozen }} and {{ touched }}
    ),

    new_rows as (
        select *
        from {{ computed }}
        where {{ is_frozen }}
    ),

    compared_rows as (
        {{ compared_rows('old_rows', 'new_rows', columns) | indent(8) }}
    ),

    changed_values as (
        {{ changed_values('compared_rows', columns, target) | indent(8) }}
    ),

    causes as (
        {{ causes_of_restatements(batches) | indent(8) }}
    )

    select
        '{{ published.schema }}.{{ published.identifier }}',
        changed.record_key,
        changed.{{ columns.day }},
        changed.column_name,
        changed.old_value,
        changed.new_value,
        -- Where no batch explains the change (a backfill after a seed was corrected), the last batch of the run stands for it.
        coalesce(max(causes.batch_id), {{ batches.high }}),
        timezone('UTC', now())
    from changed_values as changed
    left join causes
        on true
        {%- for column in restate.get('by', []) %}
        and changed.{{ column }} = causes.{{ column }}
        {%- endfor %}
        {%- if restate.from %}
        and changed.{{ columns.day }} >= causes.changed_from
        {%- endif %}
    group by
        changed.record_key,
        changed.{{ columns.day }},
        changed.column_name,
        changed.old_value,
        changed.new_value
{%- endmacro %}
