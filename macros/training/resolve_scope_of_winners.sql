{% macro resolve_scope_of_winners(table, records, event_time) -%}
    select scoped.*
    from (
        {{ resolve_scope(records, event_time) | indent(8) }}
    ) as scoped
    left join {{ ref('int_training__duplicate_records') }} as losers
        on
            scoped._batch_id = losers._batch_id
            and scoped._line_number = losers._line_number
            and losers.record_table = '{{ table }}'
            and not losers.is_winner
    where losers._batch_id is null
{%- endmacro %}
