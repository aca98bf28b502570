-- json_number_text writes a number alike on every engine, however the engine or the sender wrote it.
with cases as (
    select
        cases.number,
        cases.expected
    from (
        values
        (null, null),
        ('0', '0'),
        ('-7', '-7'),
        ('12345678901234567890123', '12345678901234567890123'),
        ('1.0', '1'),
        ('0.5', '0.5'),
        ('-2.50', '-2.5'),
        ('1e2', '100'),
        ('1E-3', '0.001'),
        ('0.0000000000004', '0'),
        ('0.1234567890125', '0.123456789013'),
        ('1e+17', '10000000000000000'),
        ('-1e+17', '-10000000000000000')
    ) as cases (number, expected)
)

select
    number,
    expected,
    {{ json_number_text('number') }} as actual
from cases
where {{ json_number_text('number') }} is distinct from expected
