-- json_elements counts the elements of a list, json_members names those of an object; anything else has none.
with cases as (
    select
        cast(cases.document as json) as document,
        cases.expected
    from (
        values
        ('["b",{"a":1}]', '1 text b, 2 no scalar'),
        ('[null]', '1 null'),
        ('[]', null),
        ('{"x":"y","a":[1]}', 'a no scalar, x text y'),
        ('{"x":null}', 'x null'),
        ('{}', null),
        ('"text"', null),
        ('1', null),
        ('null', null),
        (null, null)
    ) as cases (document, expected)
),

found as (
    select
        cases.expected,
        (
            select
                string_agg(
                    elements.position || ' ' || {{ json_scalar('elements.element') }}, ', ' order by elements.position
                )
            from {{ json_elements('cases.document') }} as elements (element, position)
        ) as elements,
        (
            select
                string_agg(members.key || ' ' || {{ json_scalar('members.value') }}, ', ' order by members.key)
            from {{ json_members('cases.document') }} as members
        ) as members
    from cases
)

select
    expected,
    elements,
    members
from found
where coalesce(elements, members) is distinct from expected or (elements is not null and members is not null)
