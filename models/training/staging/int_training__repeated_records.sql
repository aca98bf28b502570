-- One row per raw record whose id was delivered more than once. The winner is chosen by content, never by arrival,
-- so that the same records in other files or another order give the same numbers.
with repeated_ids as (
    {%- for table, id, event_time in training_logs() %}
    select
        '{{ table }}' as record_table,
        copies.{{ id }} as record_id
    from {{ source('training', table) }} as copies
    {%- if is_incremental() %}
    where copies.{{ id }} in (
        select arrivals.{{ id }}
        from {{ source('training', table) }} as arrivals
        where {{ is_touched('batch', 'arrivals', '_batch_id') }}
    )
    {%- endif %}
    group by copies.{{ id }}
    having count(*) > 1
    {{ 'union all' if not loop.last }}
    {%- endfor %}
),

copies as (
    {%- for table, id, event_time in training_logs() %}
    select
        repeated_ids.record_table,
        repeated_ids.record_id,
        records._batch_id,
        records._line_number,
        records.{{ event_time }} as event_time,
        {{ record_digest(table, 'records') }} as digest
    from {{ source('training', table) }} as records
    inner join repeated_ids
        on records.{{ id }} = repeated_ids.record_id and repeated_ids.record_table = '{{ table }}'
    {{ 'union all' if not loop.last }}
    {%- endfor %}
),

ranked as (
    select
        *,
        row_number() over (
            partition by record_table, record_id
            order by event_time, digest, _batch_id, _line_number
        ) as preference,
        first_value(digest) over (
            partition by record_table, record_id
            order by event_time, digest, _batch_id, _line_number
        ) as winning_digest
    from copies
)

select
    record_table,
    record_id,
    _batch_id,
    _line_number,
    preference = 1 as is_winner,
    digest <> winning_digest as is_conflict
from ranked
