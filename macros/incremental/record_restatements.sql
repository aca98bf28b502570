{% macro record_restatements(target, computed, touched, batches) -%}
    {#- Old and new value of every column that differs on a frozen day; a row that came or went is a line with column *.
        meta.restate says where the batch that did it is found: in a work list, by columns and from a day on.
        The first row of a day restates nothing: nothing was published for that day. -#}
    {%- set meta = model.config.meta -%}
    {%- set date_column = meta.restate.get('day') or meta.get('partition_date', 'business_date') -%}
    {%- set names = meta.key + ([] if date_column in meta.key else [date_column]) -%}
    {%- set values = model.columns.values()
        | rejectattr('name', 'in', meta.key) | rejectattr('config.meta.run_time', 'true') | list -%}
    {%- set frozen = date_column ~ ' < ' ~ add_days(as_of_date(), -1 * (var('freeze_days') | int)) -%}
    insert into {{ source('ops', 'restatements') }} (
        table_name, record_key, partition_date, column_name, old_value, new_value, batch_id, restated_at
    )
    with was as (
        select {{ target.identifier }}.*
        from {{ target }}
        where {{ frozen }} and {{ touched }}
    ),

    becomes as (
        select *
        from {{ computed }}
        where {{ frozen }}
    ),

    compared as (
        select
            {%- for column in names %}
            coalesce(was.{{ column }}, becomes.{{ column }}) as {{ column }},
            {%- endfor %}
            {%- for column in values %}
            {{ value_as_text('was.' ~ column.name, column.data_type) }} as old_{{ column.name }},
            {{ value_as_text('becomes.' ~ column.name, column.data_type) }} as new_{{ column.name }},
            {%- endfor %}
            was.{{ meta.key[0] }} is not null as was_there,
            becomes.{{ meta.key[0] }} is not null as is_there
        from was
        full outer join becomes
            on {% for column in meta.key -%}
            was.{{ column }} = becomes.{{ column }}{{ ' and ' if not loop.last }}
            {%- endfor %}
    ),

    changes as (
        select
            compared.*,
            '*' as column_name,
            case when was_there then 'a row' end as old_value,
            case when is_there then 'a row' end as new_value
        from compared
        where
            was_there <> is_there
            and exists (
                select 1
                from {{ target }} as published
                where published.{{ date_column }} = compared.{{ date_column }}
            )
        {%- for column in values %}
        union all
        select
            compared.*,
            '{{ column.name }}' as column_name,
            old_{{ column.name }} as old_value,
            new_{{ column.name }} as new_value
        from compared
        where was_there and is_there and old_{{ column.name }} is distinct from new_{{ column.name }}
        {%- endfor %}
    ),

    causes as (
        select
            {{ meta.restate.by | join(', ') }},
            {%- if meta.restate.from %}
            {{ meta.restate.from }} as changed_from,
            {%- endif %}
            max(batch_id) as batch_id
        from {{ area_relation(meta.restate.work_list) }}
        where
            {%- if not backfill_range() %}
            batch_id > {{ batches.low }} and
            {%- endif %}
            batch_id <= {{ batches.high }}
        group by {{ (meta.restate.by + ([meta.restate.from] if meta.restate.from else [])) | join(', ') }}
    )

    select
        '{{ target.schema }}.{{ target.identifier }}',
        {{ record_key_json(meta.key) }},
        changes.{{ date_column }},
        changes.column_name,
        changes.old_value,
        changes.new_value,
        coalesce(max(causes.batch_id), {{ batches.high }}),
        timezone('UTC', now())
    from changes
    left join causes
        on {% for column in meta.restate.by -%}
        changes.{{ column }} = causes.{{ column }}{{ ' and ' if not loop.last }}
        {%- endfor %}
        {%- if meta.restate.from %} and changes.{{ date_column }} >= causes.changed_from{% endif %}
    group by
        {{ record_key_json(meta.key) }},
        changes.{{ date_column }},
        changes.column_name,
        changes.old_value,
        changes.new_value
{%- endmacro %}
