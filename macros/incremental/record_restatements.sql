{% macro record_restatements(target, computed, touched, batches) -%}
    {#- Old and new value of every column that differs on a frozen day; a row that came or went is a line with column *.
        The first row of a day restates nothing: nothing was published for that day. -#}
    {%- set meta = model.config.meta -%}
    {%- set date_column = meta.get('partition_date', 'business_date') -%}
    {%- set values = model.columns.values() | rejectattr('name', 'in', meta.key) | list -%}
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
            {%- for column in meta.key %}
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
            user_id,
            business_date,
            max(batch_id) as batch_id
        from {{ area_relation('int_training__touched_user_days') }}
        where
            {%- if not backfill_range() %}
            batch_id > {{ batches.low }} and
            {%- endif %}
            batch_id <= {{ batches.high }}
        group by user_id, business_date
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
        on changes.user_id = causes.user_id and changes.{{ date_column }} >= causes.business_date
    group by
        {{ record_key_json(meta.key) }},
        changes.{{ date_column }},
        changes.column_name,
        changes.old_value,
        changes.new_value
{%- endmacro %}
