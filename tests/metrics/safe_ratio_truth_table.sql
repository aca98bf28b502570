-- safe_ratio divides as doubles and is null where there is nothing to divide by; a row here came out otherwise.
with cases as (
    select
        cast(cases.numerator as bigint) as numerator,
        cast(cases.denominator as bigint) as denominator,
        cast(cases.expected as float8) as expected
    from (
        values
        (1, 2, '0.5'),
        (1, 3, '0.3333333333333333'),
        (0, 5, '0'),
        (-3, 4, '-0.75'),
        (5, 0, null),
        (0, 0, null),
        (null, 2, null),
        (2, null, null),
        (9007199254740993, 1, '9007199254740992')
    ) as cases (numerator, denominator, expected)
)

select
    numerator,
    denominator,
    expected,
    {{ safe_ratio('numerator', 'denominator') }} as actual
from cases
where {{ safe_ratio('numerator', 'denominator') }} is distinct from expected
