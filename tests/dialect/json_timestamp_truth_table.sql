-- json_timestamp writes a UTC instant with six decimals on every engine; a row here is a case that came out otherwise.
with cases as (
    select
        cast(cases.value as timestamp) as value,
        cases.expected
    from (
        values
        (null, 'null'),
        ('2025-03-09 00:00:00', '"2025-03-09T00:00:00.000000Z"'),
        ('2024-02-29 23:59:59.999999', '"2024-02-29T23:59:59.999999Z"')
    ) as cases (value, expected)
)

select
    value,
    expected,
    {{ json_timestamp('value') }} as actual
from cases
where {{ json_timestamp('value') }} is distinct from expected
