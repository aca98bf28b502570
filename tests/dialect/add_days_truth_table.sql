-- A date so many days on: none, back, over a leap day, over a year's end, and null. The result is a date.
with cases as (
    select given.* from (
        values
        ('2026-03-05', 0, '2026-03-05'),
        ('2026-03-05', -5, '2026-02-28'),
        ('2024-02-28', 1, '2024-02-29'),
        ('2026-12-31', 1, '2027-01-01'),
        (null, 1, null)
    ) as given (day_text, days, expected_text)
),

results as (
    select
        cases.*,
        cast({{ add_days('cast(cases.day_text as date)', 'cases.days') }} as text) as actual
    from cases
)

select *
from results
where actual is distinct from expected_text
