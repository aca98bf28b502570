-- integer_quotient cuts the fraction off on every engine.
with cases as (
    select
        cast(cases.dividend as bigint) as dividend,
        cast(cases.divisor as bigint) as divisor,
        cast(cases.expected as bigint) as expected
    from (
        values
        (7, 2, 3),
        (-7, 2, -3),
        (0, 5, 0),
        (9007199254740993, 1, 9007199254740993),
        (9223372036854775807, 2, 4611686018427387903),
        (null, 2, null),
        (7, null, null)
    ) as cases (dividend, divisor, expected)
)

select
    dividend,
    divisor,
    expected,
    {{ integer_quotient('dividend', 'divisor') }} as actual
from cases
where {{ integer_quotient('dividend', 'divisor') }} is distinct from expected
