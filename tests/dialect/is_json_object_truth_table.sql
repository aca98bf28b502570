-- is_json_object knows objects from everything else, and flat objects from those that hold objects or lists.
with cases as (
    select
        cast(cases.document as json) as document,
        cases.is_object,
        cases.is_flat
    from (
        values
        ('{}', true, true),
        ('{"a":"[x]","b":1,"c":null,"d":true}', true, true),
        (' {"a" : {}} ', true, false),
        ('{"a":1,"b":[]}', true, false),
        ('{"":[1]}', true, false),
        ('[]', false, false),
        ('[{"a":1}]', false, false),
        ('"a"', false, false),
        ('1', false, false),
        ('null', false, false),
        (null, null, null)
    ) as cases (document, is_object, is_flat)
),

answered as (
    select
        cases.*,
        {{ is_json_object('document') }} as found_object,
        {{ is_json_object('document', flat=true) }} as found_flat
    from cases
)

select *
from answered
where found_object is distinct from is_object or found_flat is distinct from is_flat
