{% macro place_winners_in_scope(table, records, event_time) -%}
    select placed.*
    from (
        {{ place_in_scope(records, event_time) | indent(8) }}
    ) as placed
    left join {{ ref('int_training__repeated_records') }} as losers
        on
            placed._batch_id = losers._batch_id
            and placed._line_number = losers._line_number
            and losers.record_table = '{{ table }}'
            and not losers.is_winner
    where losers._batch_id is null
{%- endmacro %}
