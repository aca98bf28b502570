-- canonical_flat_json writes the same text on every engine, and the same for objects that say the same.
with cases as (
    select
        cast(cases.document as json) as document,
        cases.expected
    from (
        values
        (null, '{}'),
        ('{}', '{}'),
        ('{"b":"2", "a" : "1"}', '{"a":"1","b":"2"}'),
        ('{"a":null,"b":""}', '{"b":""}'),
        (
            '{"b":"","a":"1","B":"1","é":"1","€":"1","😀":"1","_":"1","":"1"}',
            '{"":"1","B":"1","_":"1","a":"1","b":"","é":"1","€":"1","😀":"1"}'
        ),
        ('{"t":true,"f":false,"text":"true"}', '{"f":"false","t":"true","text":"true"}'),
        (
            '{"n":1,"m":-12,"z":-0,"big":18446744073709551617}',
            '{"big":"18446744073709551617","m":"-12","n":"1","z":"0"}'
        ),
        (
            '{"a":1.50,"b":1e2,"c":200.0,"d":-0.0,"e":1E-400,"f":1e-05}',
            '{"a":"1.5","b":"100","c":"200","d":"0","e":"0","f":"0.00001"}'
        ),
        ('{"a":"1.50","b":"1e2"}', '{"a":"1.50","b":"1e2"}'),
        ('{"q\"\\/":"l\u0041\n\u001f\u00e9"}', '{"q\"\\/":"lA\n\u001fé"}')
    ) as cases (document, expected)
),

canonical as (
    {{ canonical_flat_json('cases', 'document') }}
)

select
    cases.expected,
    canonical.canonical as actual
from cases
left join canonical on cast(cases.document as text) = canonical.sent
where coalesce(canonical.canonical, '{}') is distinct from cases.expected
