-- Text in order of its bytes: capitals before small letters, digits before letters, accents last; empty first.
with cases as (
    select given.* from (
        values
        (1, ''),
        (2, '10'),
        (3, '9'),
        (4, 'A'),
        (5, 'Z'),
        (6, '_'),
        (7, 'a'),
        (8, 'a b'),
        (9, 'ab'),
        (10, 'é'),
        (11, '가')
    ) as given (expected, value)
),

results as (
    select
        cases.*,
        row_number() over (order by {{ binary_order('cases.value') }}) as actual
    from cases
)

select *
from results
where actual is distinct from expected
