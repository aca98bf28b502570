{% macro is_touched__winning_event(alias, date_column, batches) -%}
    {#- Ids whose winner is one of the new records. Where an older copy still wins, nothing changes. -#}
    {{ alias }}.id in (
        select arrivals.id
        from {{ source('product', 'analytics_events') }} as arrivals
        left join {{ area_relation('int_product__duplicate_events') }} as losers
            on
                arrivals._batch_id = losers._batch_id
                and arrivals._line_number = losers._line_number
                and not losers.is_winner
        where
            {{ is_touched__batch('arrivals', '_batch_id', batches) }}
            and losers._batch_id is null
    )
{%- endmacro %}
