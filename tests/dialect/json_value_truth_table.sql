-- json_value reads a text without quotes, a number as it stands, and nothing where there is nothing.
with cases as (
    select
        cast(cases.document as json) as document,
        cases.expected
    from (
        values
        ('{"key":"a b"}', 'a b'),
        ('{"key":"\u00e9\"x"}', 'é"x'),
        ('{"key":85.5}', '85.5'),
        ('{"key":true}', 'true'),
        ('{"key":null}', null),
        ('{"other":1}', null),
        ('{}', null),
        (null, null)
    ) as cases (document, expected)
)

select
    expected,
    {{ json_value('document', 'key') }} as actual
from cases
where {{ json_value('document', 'key') }} is distinct from expected
