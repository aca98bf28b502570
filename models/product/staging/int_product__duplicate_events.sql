-- One row per raw event whose id was delivered more than once. The winner is chosen by content, never by arrival.
with duplicate_ids as (
    select copies.id
    from {{ source('product', 'analytics_events') }} as copies
    {%- if is_incremental() %}
    where {{ is_touched('event_copy', 'copies') }}
    {%- endif %}
    group by copies.id
    having count(*) > 1
),

copies as (
    select
        records.id,
        {{ sent_actor('records') }} as sent_actor,
        records.session_id,
        {{ is_evidence('records') }} as is_evidence,
        records.timestamp,
        records._event_date as event_date,
        records._batch_id,
        records._line_number,
        {{ record_digest('analytics_events', 'records') }} as digest
    from {{ source('product', 'analytics_events') }} as records
    inner join duplicate_ids on records.id = duplicate_ids.id
),

ranked as (
    select
        *,
        row_number() over (partition by id order by timestamp, digest, _batch_id, _line_number) as preference,
        first_value(digest) over (
            partition by id
            order by timestamp, digest, _batch_id, _line_number
        ) as winning_digest
    from copies
)

select
    id,
    sent_actor,
    session_id,
    is_evidence,
    timestamp,
    event_date,
    _batch_id,
    _line_number,
    preference = 1 as is_winner,
    digest <> winning_digest as is_conflict
from ranked
