-- fixed_decimal and rounded_quotient round halves up, on every engine alike.
with doubles as (
    select
        cast(cases.value as float8) as value,
        cast(cases.expected as decimal(5, 4)) as expected
    from (
        values ('0', '0'), ('0.00005', '0.0001'), ('0.12344', '0.1234'), ('0.25', '0.25'), ('1', '1'), (null, null)
    ) as cases (value, expected)
),

quotients as (
    select
        cast(cases.dividend as bigint) as dividend,
        cast(cases.divisor as bigint) as divisor,
        cast(cases.expected as decimal(10, 2)) as expected
    from (
        values
        (0, 7, '0'), (1, 3, '0.33'), (2, 3, '0.67'), (1, 200, '0.01'), (1, 201, '0'), (60000000, 1000000, '60'),
        (null, 1, null)
    ) as cases (dividend, divisor, expected)
)

select
    'fixed_decimal' as macro_name,
    cast({{ fixed_decimal('value', 5, 4) }} as text) as actual
from doubles
where {{ fixed_decimal('value', 5, 4) }} is distinct from expected
union all
select
    'rounded_quotient' as macro_name,
    cast({{ rounded_quotient('dividend', 'divisor', 10, 2) }} as text) as actual
from quotients
where {{ rounded_quotient('dividend', 'divisor', 10, 2) }} is distinct from expected
