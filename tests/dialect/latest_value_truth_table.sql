-- The value at the latest instant; ties go to the greatest text by bytes; a null value or instant never wins.
with cases as (
    select given.* from (
        values
        ('latest', '2026-03-05 10:00:00', 'b', 'a'),
        ('latest', '2026-03-05 11:00:00', 'a', 'a'),
        ('tie', '2026-03-05 10:00:00', 'B', 'a'),
        ('tie', '2026-03-05 10:00:00', 'a', 'a'),
        ('tie', '2026-03-05 10:00:00', 'Z', 'a'),
        ('null value', '2026-03-05 10:00:00', 'a', 'a'),
        ('null value', '2026-03-05 11:00:00', null, 'a'),
        ('no instant', '2026-03-05 10:00:00', 'a', 'a'),
        ('no instant', null, 'z', 'a'),
        ('nothing', null, 'z', null),
        ('nothing', '2026-03-05 10:00:00', null, null)
    ) as given (name, at_text, value, expected)
),

results as (
    select
        name,
        expected,
        {{ latest_value('value', 'cast(at_text as timestamp)', ['value']) }} as actual,
        {{ latest_value('value', 'cast(at_text as timestamp)') }} as actual_without_ties
    from cases
    group by name, expected
)

select *
from results
where
    actual is distinct from expected
    or (name <> 'tie' and actual_without_ties is distinct from expected)
