-- A value as text for digests: null as a sign of its own, doubles with the fewest digits that tell them apart,
-- arrays with their length.
with cases as (
    select
        'filled' as name,
        cast('0000000A-0000-0000-0000-000000000001' as uuid) as id,
        cast('2026-03-05 10:00:00.5' as timestamp) as occurred_at,
        cast(0.1 as double precision) as duration,
        array['b', 'A', ''] as texts,
        true as flag,
        cast(12 as bigint) as number,
        '0000000a-0000-0000-0000-000000000001/2026-03-05 10:00:00.5/0.1/3,b,A,/true/12' as expected
    union all
    select
        'empty' as name,
        null as id,
        cast('2026-03-05 00:00:00' as timestamp) as occurred_at,
        cast(0 as double precision) as duration,
        {{ empty_text_array() }} as texts,
        false as flag,
        cast(0 as bigint) as number,
        '-/2026-03-05 00:00:00/0/0,/false/0' as expected
    union all
    select
        'large' as name,
        null as id,
        null as occurred_at,
        cast(1e300 as double precision) as duration,
        null as texts,
        null as flag,
        null as number,
        '-/-/large/-/-/-' as expected
    union all
    select
        'negative half' as name,
        null as id,
        cast('2026-12-31 23:59:59.999999' as timestamp) as occurred_at,
        cast(-0.5 as double precision) as duration,
        array['é'] as texts,
        null as flag,
        cast(-1 as bigint) as number,
        '-/2026-12-31 23:59:59.999999/-0.5/1,é/-/-1' as expected
),

rendered as (
    select
        cases.*,
        {{ canonical_text('id', 'uuid') }} || '/' || {{ canonical_text('occurred_at', 'timestamp') }} || '/'
        || {{ canonical_text('duration', 'float8') }} || '/' || {{ canonical_text('texts', 'text[]') }} || '/'
        || {{ canonical_text('flag', 'boolean') }} || '/' || {{ canonical_text('number', 'bigint') }} as actual
    from cases
)

select *
from rendered
where replace(replace(actual, chr(30), '-'), chr(29), ',') is distinct from expected
