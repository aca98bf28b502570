-- Local clock of a UTC instant: half-hour zones, both clock changes, the day boundary, the date line, and null.
with cases as (
    select given.* from (
        values
        ('2026-03-05 14:59:59.999999', 'Asia/Seoul', '2026-03-05 23:59:59.999999'),
        ('2026-03-05 15:00:00', 'Asia/Seoul', '2026-03-06 00:00:00'),
        ('2026-03-05 18:30:00', 'Asia/Kolkata', '2026-03-06 00:00:00'),
        ('2026-03-08 06:59:59', 'America/New_York', '2026-03-08 01:59:59'),
        ('2026-03-08 07:00:00', 'America/New_York', '2026-03-08 03:00:00'),
        ('2026-11-01 05:30:00', 'America/New_York', '2026-11-01 01:30:00'),
        ('2026-11-01 06:30:00', 'America/New_York', '2026-11-01 01:30:00'),
        ('2026-01-01 00:00:00', 'Pacific/Kiritimati', '2026-01-01 14:00:00'),
        ('2026-01-01 00:00:00', 'Pacific/Pago_Pago', '2025-12-31 13:00:00'),
        ('2026-01-01 00:00:00', 'UTC', '2026-01-01 00:00:00'),
        (null, 'UTC', null),
        ('2026-01-01 00:00:00', null, null)
    ) as given (utc_text, timezone, local_text)
),

results as (
    select
        cases.*,
        {{ local_time('cast(cases.utc_text as timestamp)', 'cases.timezone') }} as actual,
        cast(cases.local_text as timestamp) as expected
    from cases
)

select *
from results
where actual is distinct from expected
