-- json_member and json_at find a value, and json_scalar says which one it is: 1 and 1.0 are equal, 1 and "1" are not.
with cases as (
    select
        cast(cases.document as json) as document,
        cases.path,
        cases.expected
    from (
        values
        ('{"key":"a b"}', 'key', 'text a b'),
        ('{"key":"\u00e9\"x"}', 'key', 'text é"x'),
        ('{"key":"1"}', 'key', 'text 1'),
        ('{"key":1}', 'key', 'number 1'),
        ('{"key":1.0}', 'key', 'number 1'),
        ('{"key":-0}', 'key', 'number 0'),
        ('{"key":-0.0}', 'key', 'number 0'),
        ('{"key":1e2}', 'key', 'number 100'),
        ('{"key":0.1}', 'key', 'number 0.1'),
        ('{"key":1e-400}', 'key', 'number 0'),
        ('{"key":true}', 'key', 'true'),
        ('{"key":null}', 'key', 'null'),
        ('{"key":[1]}', 'key', 'no scalar'),
        ('{"key":{}}', 'key', 'no scalar'),
        ('{"other":1}', 'key', 'null'),
        ('[1]', 'key', 'null'),
        (null, 'key', 'null'),
        ('{"key":{"b":2}}', 'key.b', 'number 2'),
        ('{"key":{"$b-c":{"d_1":"x"}}}', 'key.$b-c.d_1', 'text x'),
        ('{"key.b":1}', 'key.b', 'null'),
        ('{"key":1}', 'key.b', 'null')
    ) as cases (document, path, expected)
),

found as (
    select
        path,
        expected,
        {{ json_at('document', 'path') }} as at_path,
        {{ json_member('document', 'key') }} as member
    from cases
),

read as (
    select
        path,
        expected,
        {{ json_scalar('at_path') }} as at_path,
        {{ json_scalar('member') }} as member
    from found
)

select
    path,
    expected,
    at_path,
    member
from read
where at_path is distinct from expected or (path = 'key' and member is distinct from expected)
