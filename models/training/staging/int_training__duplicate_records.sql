-- One row per raw record whose id was delivered more than once. A copy in scope wins before one that is not. Content
-- decides, never arrival, so that the same records in other files or another order give the same numbers.
with duplicate_ids as (
    {%- for table, id, event_time in training_logs() %}
    select
        '{{ table }}' as record_table,
        copies.{{ id }} as record_id
    from {{ source('training', table) }} as copies
    {%- if is_incremental() %}
    where copies.{{ id }} in (
        {{ touched_record_ids(table, id) | indent(8) }}
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
        duplicate_ids.record_table,
        duplicate_ids.record_id,
        records._batch_id,
        records._line_number,
        records.{{ event_time }} as event_time,
        records.region_id,
        records.country_id,
        records.branch_id,
        records.team_id,
        {{ record_digest(table, 'records') }} as digest
    from {{ source('training', table) }} as records
    inner join duplicate_ids
        on records.{{ id }} = duplicate_ids.record_id and duplicate_ids.record_table = '{{ table }}'
    {{ 'union all' if not loop.last }}
    {%- endfor %}
),

scoped as (
    {{ resolve_scope('copies', 'event_time') }}
),

judged as (
    select
        copies.*,
        scoped._batch_id is not null as is_in_scope
    from copies
    left join scoped
        on copies._batch_id = scoped._batch_id and copies._line_number = scoped._line_number
),

ranked as (
    select
        *,
        row_number() over best_first as preference,
        first_value(digest) over best_first as winning_digest,
        case when first_value(is_in_scope) over best_first then first_value(_batch_id) over best_first end
            as batch_in_scope
    from judged
    window best_first as (
        partition by record_table, record_id
        order by case when is_in_scope then 0 else 1 end, event_time, digest, _batch_id, _line_number
    )
)

select
    record_table,
    record_id,
    _batch_id,
    _line_number,
    preference = 1 as is_winner,
    digest <> winning_digest as is_conflict,
    case when not is_in_scope then batch_in_scope end as settled_in_batch
from ranked
