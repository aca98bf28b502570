-- json_double writes a double with the fewest digits that read back the same, on every engine.
with cases as (
    select
        cast(cases.value as float8) as value,
        cases.expected
    from (
        values
        (null, 'null'),
        ('0', '0'),
        ('1', '1'),
        ('0.5', '0.5'),
        ('-0.5', '-0.5'),
        ('-3', '-3'),
        ('2.5', '2.5'),
        ('100000', '100000'),
        ('0.3333333333333333', '0.3333333333333333'),
        ('0.00001', '1e-05'),
        ('3600', '3600'),
        ('12.345678', '12.345678')
    ) as cases (value, expected)
)

select
    value,
    expected,
    {{ json_double('value') }} as actual
from cases
where {{ json_double('value') }} is distinct from expected
