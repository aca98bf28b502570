-- One row per raw record of the area whose id was delivered more than once, as ops shows the copies of all areas.
with copies as (
    {%- for table in ['analytics_events', 'metrics', 'funnels'] %}
    select
        '{{ table }}' as table_name,
        records.id as record_id,
        records._batch_id,
        records._line_number,
        records._batch_id = staged._batch_id and records._line_number = staged._line_number as is_winner,
        {{ record_digest(table, 'records') }} as digest,
        count(*) over (partition by records.id) as copies
    from {{ source('product', table) }} as records
    inner join {{ ref('stg_product__' ~ table.removeprefix('analytics_')) }} as staged on records.id = staged.id
    {{ 'union all' if not loop.last }}
    {%- endfor %}
),

winners as (
    select
        table_name,
        record_id,
        digest
    from copies
    where is_winner
)

select
    copies.table_name,
    copies.record_id,
    copies._batch_id,
    copies._line_number,
    copies.is_winner,
    copies.digest <> winners.digest as is_conflict
from copies
inner join winners on copies.table_name = winners.table_name and copies.record_id = winners.record_id
where copies.copies > 1
