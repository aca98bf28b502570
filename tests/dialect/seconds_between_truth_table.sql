-- Seconds between two instants to the microsecond: nothing, half a second, backwards, over the day boundary, and null.
with cases as (
    select given.* from (
        values
        ('2026-03-05 10:00:00', '2026-03-05 10:00:00', 0.0),
        ('2026-03-05 10:00:00', '2026-03-05 10:00:00.5', 0.5),
        ('2026-03-05 10:00:00', '2026-03-05 10:00:00.000001', 0.000001),
        ('2026-03-05 10:00:01', '2026-03-05 10:00:00', -1.0),
        ('2026-03-05 23:59:59', '2026-03-06 00:00:01', 2.0),
        ('2000-01-01 00:00:00', '2100-01-01 00:00:00.1', 3155760000.1),
        (null, '2026-03-05 10:00:00', null),
        ('2026-03-05 10:00:00', null, null)
    ) as given (start_text, end_text, seconds)
),

results as (
    select
        cases.*,
        {{ seconds_between('cast(cases.start_text as timestamp)', 'cast(cases.end_text as timestamp)') }} as actual,
        cast(cases.seconds as double precision) as expected
    from cases
)

select *
from results
where actual is distinct from expected
