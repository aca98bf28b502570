-- json_text reads a text without its quotes, and nothing where the value is no text or is not there.
with cases as (
    select
        cast(cases.document as json) as document,
        cases.expected
    from (
        values
        ('{"key":"a b"}', 'a b'),
        ('{"key":"\u00e9\"x"}', 'é"x'),
        ('{"key":""}', ''),
        ('{"key":"1.10"}', '1.10'),
        ('{"key":1.10}', null),
        ('{"key":true}', null),
        ('{"key":{"a":1}}', null),
        ('{"key":["a"]}', null),
        ('{"key":null}', null),
        ('{"other":"a"}', null),
        ('{}', null),
        (null, null)
    ) as cases (document, expected)
)

select
    expected,
    {{ json_text('document', 'key') }} as actual
from cases
where {{ json_text('document', 'key') }} is distinct from expected
