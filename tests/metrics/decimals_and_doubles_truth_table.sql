-- decimal_of_double takes the shortest decimal text of a double, double_of_decimal the nearest double, on every engine.
with cases as (
    select
        cast(cases.value as float8) as value,
        cast(cases.expected as numeric(38, 12)) as expected
    from (
        values
        ('0', '0'),
        ('0.1', '0.1'),
        ('-2.675', '-2.675'),
        ('0.30000000000000004', '0.3'),
        ('1e-05', '0.00001'),
        ('0.0000000000005', '0.000000000001'),
        ('-0.0000000000005', '-0.000000000001'),
        ('0.00000000000049999', '0'),
        ('5e-324', '0'),
        ('0.1234567890125', '0.123456789013'),
        ('2251799813685249.5', '2251799813685249.5'),
        ('9007199254740993', '9007199254740992'),
        ('1e15', '1000000000000000'),
        ('1e16', '10000000000000000'),
        ('-1e16', '-10000000000000000')
    ) as cases (value, expected)
),

sums as (
    -- 0.1 ten times is 1 in decimals, and not in doubles; the second sum is nearer to the double above.
    select
        {{ for_each(range(10), decimal_of_double("cast('0.1' as float8)"), ' + ') }} as decimal_sum,
        cast('1' as float8) as expected
    union all
    select
        cast('9007199254740993.000000000001' as numeric(38, 12)) as decimal_sum,
        cast('9007199254740994' as float8) as expected
    union all
    select
        cast('123456789012345678.123456789012' as numeric(38, 12)) as decimal_sum,
        cast('123456789012345678.123456789012' as float8) as expected
)

select
    cast(expected as text) as expected,
    cast({{ decimal_of_double('value') }} as text) as actual
from cases
where {{ decimal_of_double('value') }} is distinct from expected
union all
select
    cast(expected as text) as expected,
    cast({{ double_of_decimal('decimal_sum') }} as text) as actual
from sums
where {{ double_of_decimal('decimal_sum') }} is distinct from expected
