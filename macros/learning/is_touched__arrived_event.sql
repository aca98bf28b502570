{% macro is_touched__arrived_event(alias, date_column, batches) -%}
    {#- Ids whose winner is one of the new records. Where an older copy still wins, nothing changes. -#}
    {{ alias }}.event_id in (
        select arrivals.event_id
        from {{ source('learning', 'raw_events') }} as arrivals
        left join {{ area_relation('int_learning__duplicate_events') }} as losers
            on
                arrivals._batch_id = losers._batch_id
                and arrivals._line_number = losers._line_number
                and not losers.is_winner
        where
            {{ is_touched__batch('arrivals', '_batch_id', batches) }}
            and losers._batch_id is null
    )
{%- endmacro %}
