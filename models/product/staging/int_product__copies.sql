-- One row per raw record of the area whose id was delivered more than once, as ops shows the copies of all areas.
with repeated as (
    {%- for table in ['metrics', 'funnels'] %}
    select
        '{{ table }}' as table_name,
        id
    from {{ source('product', table) }}
    group by id
    having count(*) > 1
    {{ 'union all' if not loop.last }}
    {%- endfor %}
),

copies as (
    {%- for table in ['metrics', 'funnels'] %}
    select
        '{{ table }}' as table_name,
        records.id as record_id,
        records._batch_id,
        records._line_number,
        records._batch_id = staged._batch_id and records._line_number = staged._line_number as is_winner,
        {{ record_digest(table, 'records') }} as digest
    from {{ source('product', table) }} as records
    inner join repeated on repeated.table_name = '{{ table }}' and records.id = repeated.id
    inner join {{ ref('stg_product__' ~ table) }} as staged on records.id = staged.id
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
    'analytics_events' as table_name,
    events.id as record_id,
    events._batch_id,
    events._line_number,
    events.is_winner,
    events.is_conflict
from {{ ref('int_product__duplicate_events') }} as events
union all
select
    copies.table_name,
    copies.record_id,
    copies._batch_id,
    copies._line_number,
    copies.is_winner,
    copies.digest <> winners.digest as is_conflict
from copies
inner join winners on copies.table_name = winners.table_name and copies.record_id = winners.record_id
