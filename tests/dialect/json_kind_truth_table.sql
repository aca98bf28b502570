-- json_kind names what a document is.
with cases as (
    select
        cast(cases.document as json) as document,
        cases.expected
    from (
        values
        ('{"a":1}', 'object'),
        ('[]', 'array'),
        ('"1"', 'string'),
        ('1', 'number'),
        ('-1', 'number'),
        ('1.5e3', 'number'),
        ('12345678901234567890123', 'number'),
        ('true', 'boolean'),
        ('null', 'null'),
        (null, null)
    ) as cases (document, expected)
)

select
    expected,
    {{ json_kind('document') }} as actual
from cases
where {{ json_kind('document') }} is distinct from expected
