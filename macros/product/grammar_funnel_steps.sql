{#- What the door asks of a funnel's definition in Python, as far as SQL can ask it. -#}
{% test grammar_funnel_steps(model, column_name, to, field) %}
with records as (
    select * from {{ model }}
),

definitions as (
    select
        records.{{ adapter.quote(column_name) }} as definition,
        {{ funnel_step_list('records.' ~ adapter.quote(column_name)) }} as step_list
    from records
)

select definitions.definition
from definitions
where
    {{ json_kind('definitions.definition') }} not in ('array', 'object')
    or {{ json_kind('definitions.step_list') }} <> 'array'
    or coalesce({{ json_value('definitions.definition', 'order') }}, 'ordered') not in ('ordered', 'strict', 'any')
    or {{ json_value('definitions.definition', 'window_seconds') }} not similar to '[1-9][0-9]{0,7}'
    or (select count(*) from {{ json_elements('definitions.step_list') }} as listed (step, position)) > 20
    or exists (
        select 1
        from {{ json_elements('definitions.step_list') }} as listed (step, position)
        where
            coalesce({{ json_kind(json_member('listed.step', 'event_name')) }}, 'null') <> 'string'
            or trim({{ json_value('listed.step', 'event_name') }}) = ''
            or {{ json_kind(json_member('listed.step', 'where')) }} <> 'object'
            or {{ json_value('listed.step', 'event_type') }} not in (select {{ field }} from {{ to }})
    )
{% endtest %}
