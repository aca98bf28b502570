-- json_text_of_key takes every key as it is: also one that looks like a path.
with cases as (
    select
        cast(cases.document as json) as document,
        cases.key,
        cases.expected
    from (
        values
        ('{"a":"x y"}', 'a', 'x y'),
        ('{"a":85.5}', 'a', '85.5'),
        ('{"a":true}', 'a', 'true'),
        ('{"a":null}', 'a', null),
        ('{"a":"\u00e9"}', 'a', 'é'),
        ('{"a":{"b":1}}', 'a.b', null),
        ('{"a.b":"dot"}', 'a.b', 'dot'),
        ('{"$.a":"path","a":1}', '$.a', 'path'),
        ('{"/a":"slash","a":1}', '/a', 'slash'),
        ('{"a/b~c":"both"}', 'a/b~c', 'both'),
        ('{"a\"b":"quote"}', 'a"b', 'quote'),
        ('{"":"empty"}', '', 'empty'),
        ('{"a":1}', null, null),
        (null, 'a', null)
    ) as cases (document, key, expected)
)

select
    expected,
    {{ json_text_of_key('document', 'key') }} as actual
from cases
where {{ json_text_of_key('document', 'key') }} is distinct from expected
