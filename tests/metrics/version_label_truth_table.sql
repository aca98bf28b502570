-- One version keeps its name, several are mixed, none is null; a row here is a case that came out otherwise.
with cases as (
    select
        cast(cases.name as text) as name,
        cast(cases.version as text) as version,
        cast(cases.expected as text) as expected
    from (
        values
        ('one', 'v1', 'v1'),
        ('one twice', 'v1', 'v1'),
        ('one twice', 'v1', 'v1'),
        ('one and none', 'v1', 'v1'),
        ('one and none', null, 'v1'),
        ('two', 'v1', 'mixed'),
        ('two', 'v2', 'mixed'),
        ('none', null, null)
    ) as cases (name, version, expected)
)

select
    name,
    expected,
    {{ version_label('version') }} as actual
from cases
group by name, expected
having {{ version_label('version') }} is distinct from expected
