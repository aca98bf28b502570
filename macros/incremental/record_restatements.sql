{% macro record_restatements(target, computed, touched, batches) -%}
    {#- Old and new value of every column that differs on a frozen day; a row that came or went is a line with column *.
        The first row of a day restates nothing: nothing was published for that day. -#}
    {%- set meta = model.config.meta -%}
    {%- set restate = meta.restate -%}
    {%- set published = area_relation(restate.published) if restate.published else target -%}
    {%- set date_column = restate.get('day') or meta.get('partition_date', 'business_date') -%}
    {%- set names = meta.key + ([] if date_column in meta.key else [date_column]) -%}
    {%- set values = model.columns.values()
        | rejectattr('name', 'in', meta.key)
        | rejectattr('config.meta.run_time', 'true')
        | rejectattr('config.meta.internal', 'true') | list -%}
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

    -- grouped and not joined: a key may hold a null, such as a missing version
    compared as (
        select
            {%- for column in meta.key %}
            {{ column }},
            {%- endfor %}
            {%- if date_column not in meta.key %}
            coalesce(max(case when not is_new then {{ date_column }} end), max({{ date_column }})) as {{ date_column }},
            {%- endif %}
            {%- for column in values %}
            max(case when not is_new then {{ value_as_text(column.name, column.data_type) }} end) as old_{{ column.name }},
            max(case when is_new then {{ value_as_text(column.name, column.data_type) }} end) as new_{{ column.name }},
            {%- endfor %}
            max(case when is_new then 0 else 1 end) = 1 as was_there,
            max(case when is_new then 1 else 0 end) = 1 as is_there
        from (
            {%- for side, is_new in [('was', 'false'), ('becomes', 'true')] %}
            select
                {%- for column in names %}
                {{ column }},
                {%- endfor %}
                {%- for column in values if column.name not in names %}
                {{ column.name }},
                {%- endfor %}
                {{ is_new }} as is_new
            from {{ side }}
            {{ 'union all' if not loop.last }}
            {%- endfor %}
        ) as sides
        group by {{ meta.key | join(', ') }}
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
        {{ causes_of_restatements(batches) }}
    )

    select
        '{{ published.schema }}.{{ published.identifier }}',
        {{ record_key_json(meta.key) }},
        changes.{{ date_column }},
        changes.column_name,
        changes.old_value,
        changes.new_value,
        coalesce(max(causes.batch_id), {{ batches.high }}),
        timezone('UTC', now())
    from changes
    left join causes
        on true
        {%- for column in restate.get('by', []) %}
        and changes.{{ column }} = causes.{{ column }}
        {%- endfor %}
        {%- if restate.from %}
        and changes.{{ date_column }} >= causes.changed_from
        {%- endif %}
    group by
        {{ record_key_json(meta.key) }},
        changes.{{ date_column }},
        changes.column_name,
        changes.old_value,
        changes.new_value
{%- endmacro %}
