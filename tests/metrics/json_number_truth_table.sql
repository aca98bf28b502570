-- json_number writes whole numbers and booleans as JSON and null as the word null; a row here came out otherwise.
with cases as (
    select
        cast(cases.number as bigint) as number,
        cast(cases.flag as boolean) as flag,
        cases.expected
    from (
        values
        ('0', 'false', '0 false'),
        ('-7', 'true', '-7 true'),
        ('9007199254740993', null, '9007199254740993 null'),
        (null, 'true', 'null true')
    ) as cases (number, flag, expected)
),

results as (
    select
        cases.*,
        {{ json_number('cases.number') }} || ' ' || {{ json_number('cases.flag') }} as actual
    from cases
)

select *
from results
where actual is distinct from expected
